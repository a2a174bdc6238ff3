import type { Classifier } from '../categories/classifier.js';
import { buildCallTree } from '../../views/callTree.js';
import type { EventProfile } from '../../model/profile.js';
import { escapeXml, functionName } from './names.js';

const WIDTH = 1200;
const MARGIN = 10;
const ROW = 18;
const FONT = 11;
/** Of the monospaced font, in parts of its size. */
const CHAR = 0.602;
/** Narrower boxes are left out: nobody sees them, and there may be a million. */
const MIN_WIDTH = 0.3;
const MAX_ROWS = 500;

/** Light enough for black text on every one of them; the last is for functions of no category. */
const COLOURS = [
  '#f2a65a',
  '#7fb7e6',
  '#93c97a',
  '#e58fb1',
  '#c3a6e8',
  '#e8cf5d',
  '#6fc7bd',
  '#e88f7a',
  '#a9b8d6',
  '#c9b58b',
] as const;
const OTHER_COLOUR = '#c8c8c8';

/** A flame graph as one still picture: no script, no font, nothing loaded from elsewhere. */
export function exportSvg(profile: EventProfile, classifier: Classifier, title: string): string {
  const tree = buildCallTree(profile);
  const category = classifier.classifyAll(profile);
  const all = profile.samples.weight.reduce((a, b) => a + b, 0) || 1;
  const scale = (WIDTH - 2 * MARGIN) / all;
  const colours = colourOf(category, tree.func, tree.self, classifier.colours);

  const x = new Float64Array(tree.length);
  const depth = new Int32Array(tree.length);
  /** Where the next child of a node begins. */
  const next = new Float64Array(tree.length);
  next[0] = MARGIN;
  const boxes: { node: number; x: number; width: number }[] = [];
  let rows = 0;
  for (let node = 1; node < tree.length; node++) {
    const parent = tree.parent[node] as number;
    const width = (tree.total[node] as number) * scale;
    x[node] = next[parent] as number;
    next[parent] = (x[node] as number) + width;
    next[node] = x[node] as number;
    depth[node] = (tree.depth[node] as number) - 1;
    if (width < MIN_WIDTH || (depth[node] as number) >= MAX_ROWS) continue;
    rows = Math.max(rows, (depth[node] as number) + 1);
    boxes.push({ node, x: x[node] as number, width });
  }
  const legend = [...colours].map(([index, colour]) => ({ name: classifier.names[index] ?? '', colour }));
  const top = 48;
  const bottom = top + rows * ROW;
  const height = bottom + 34;
  const parts = boxes.map((box) => {
    const func = tree.func[box.node] as number;
    const name = functionName(profile, func);
    const index = category[func] as number;
    const percent = (weight: number | undefined) => `${(((weight ?? 0) / all) * 100).toFixed(2)} %`;
    const shares = `${percent(tree.total[box.node])} total, ${percent(tree.self[box.node])} self`;
    const tip = `${name}\n${shares}\n${classifier.names[index] ?? ''}${tree.inlined[box.node] ? ', inlined' : ''}`;
    const y = bottom - ((depth[box.node] as number) + 1) * ROW;
    const label = clip(name, box.width - 6);
    const rect = `<rect x="${round(box.x)}" y="${y}" width="${round(box.width)}" height="${ROW - 1}" fill="${colours.get(index) ?? OTHER_COLOUR}"/>`;
    const words = label && `<text x="${round(box.x + 3)}" y="${y + 13}">${escapeXml(label)}</text>`;
    return `<g><title>${escapeXml(tip)}</title>${rect}${words}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${FONT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="15">${escapeXml(clip(title, WIDTH * (FONT / 15)))}</text>`,
    `<text x="${WIDTH / 2}" y="38" text-anchor="middle" fill="#555555">${escapeXml(clip(`${profile.samples.length} samples of ${profile.event.name}`, WIDTH))}</text>`,
    ...parts,
    ...legendParts(legend, bottom + 12),
    '</svg>\n',
  ].join('\n');
}

/** Colours of the categories that occur, the largest first, so that neighbours in the legend differ. */
function colourOf(
  category: Int32Array,
  func: Int32Array,
  self: Float64Array,
  chosen: readonly (string | undefined)[],
): Map<number, string> {
  const count = chosen.length;
  const weight = new Float64Array(count);
  func.forEach((f, node) => {
    if (f < 0) return;
    const index = category[f] as number;
    weight[index] = (weight[index] as number) + (self[node] as number);
  });
  const used = [...new Set(category)].sort((a, b) => (weight[b] as number) - (weight[a] as number));
  const coloured = used.filter((index) => index !== count - 1);
  const colours = new Map(
    coloured.map((index, i) => [index, chosen[index] ?? (COLOURS[i % COLOURS.length] as string)]),
  );
  if (used.includes(count - 1)) colours.set(count - 1, OTHER_COLOUR);
  return colours;
}

function legendParts(entries: readonly { name: string; colour: string }[], y: number): string[] {
  let x = MARGIN;
  return entries.flatMap(({ name, colour }) => {
    const label = clip(name, 200);
    const at = x;
    x += 16 + label.length * FONT * CHAR + 18;
    if (x > WIDTH) return [];
    return [
      `<rect x="${round(at)}" y="${y}" width="11" height="11" fill="${colour}"/><text x="${round(at + 16)}" y="${y + 10}">${escapeXml(label)}</text>`,
    ];
  });
}

/** As much of the text as fits, with a sign that there is more; nothing when not even three characters do. */
function clip(value: string, width: number): string {
  const fits = Math.floor(width / (FONT * CHAR));
  const chars = [...value.slice(0, Math.max(0, fits) * 2 + 2)];
  if (chars.length <= fits) return value;
  return fits < 3 ? '' : `${chars.slice(0, fits - 1).join('')}…`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
