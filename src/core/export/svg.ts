import type { Classifier } from '../categories/classifier.js';
import { buildCallTree } from '../../views/callTree.js';
import type { EventProfile } from '../../model/profile.js';
import { shortName } from '../../text/names.js';
import { percent, plural } from '../../text/numbers.js';
import { escapeXml, functionName } from './names.js';

const WIDTH = 1200;
const MARGIN = 10;
const ROW = 18;
const FONT = 11;
/** Character width of the monospaced font, relative to its size. */
const CHAR = 0.602;
/** Narrower boxes are omitted: they are invisible, and there may be a million. */
const MIN_WIDTH = 0.3;
const MAX_ROWS = 500;

/** All light enough for black text. */
const COLORS = [
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
const OTHER_COLOR = '#c8c8c8';

/** A flame graph as a static picture: no scripts, no fonts, no external resources. */
export function exportSvg(profile: EventProfile, classifier: Classifier, title: string): string {
  const tree = buildCallTree(profile);
  const { category, names, colors: chosen } = classifier.table(profile);
  const all = profile.samples.weight.reduce((a, b) => a + b, 0) || 1;
  const scale = (WIDTH - 2 * MARGIN) / all;
  const colors = colorOf(category, tree.func, tree.self, chosen);

  const x = new Float64Array(tree.length);
  const depth = new Int32Array(tree.length);
  /** Where the next child of a node starts. */
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
  const legend = [...colors].map(([index, color]) => ({ name: names[index] ?? '', color }));
  const top = 48;
  const bottom = top + rows * ROW;
  const height = bottom + 34;
  const parts = boxes.map((box) => {
    const func = tree.func[box.node] as number;
    const name = functionName(profile, func);
    const index = category[func] as number;
    const shareOf = (weight: number | undefined) => percent((weight ?? 0) / all);
    const shares = `${shareOf(tree.total[box.node])} total, ${shareOf(tree.self[box.node])} self`;
    const tip = `${name}\n${shares}\n${names[index] ?? ''}${tree.inlined[box.node] ? ', inlined' : ''}`;
    const y = bottom - ((depth[box.node] as number) + 1) * ROW;
    const label = clip(shortName(name), box.width - 6);
    const rect = `<rect x="${round(box.x)}" y="${y}" width="${round(box.width)}" height="${ROW - 1}" fill="${colors.get(index) ?? OTHER_COLOR}"/>`;
    const words = label && `<text x="${round(box.x + 3)}" y="${y + 13}">${escapeXml(label)}</text>`;
    return `<g><title>${escapeXml(tip)}</title>${rect}${words}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${FONT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="15">${escapeXml(clip(title, WIDTH * (FONT / 15)))}</text>`,
    `<text x="${WIDTH / 2}" y="38" text-anchor="middle" fill="#555555">${escapeXml(clip(`${plural(profile.samples.length, 'sample')} of ${profile.event.name}`, WIDTH))}</text>`,
    ...parts,
    ...legendParts(legend, bottom + 12),
    '</svg>\n',
  ].join('\n');
}

/** Colors of the categories that occur, largest first, so that neighbors in the legend differ. */
function colorOf(
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
  const colored = used.filter((index) => index !== count - 1);
  const colors = new Map(
    colored.map((index, i) => [index, chosen[index] ?? (COLORS[i % COLORS.length] as string)]),
  );
  if (used.includes(count - 1)) colors.set(count - 1, OTHER_COLOR);
  return colors;
}

function legendParts(entries: readonly { name: string; color: string }[], y: number): string[] {
  let x = MARGIN;
  return entries.flatMap(({ name, color }) => {
    const label = clip(name, 200);
    const at = x;
    x += 16 + label.length * FONT * CHAR + 18;
    if (x > WIDTH) return [];
    return [
      `<rect x="${round(at)}" y="${y}" width="11" height="11" fill="${color}"/><text x="${round(at + 16)}" y="${y + 10}">${escapeXml(label)}</text>`,
    ];
  });
}

/** As much of the text as fits, with an ellipsis if truncated; nothing if not even three characters fit. */
function clip(value: string, width: number): string {
  const fits = Math.floor(width / (FONT * CHAR));
  const chars = [...value.slice(0, Math.max(0, fits) * 2 + 2)];
  if (chars.length <= fits) return value;
  return fits < 3 ? '' : `${chars.slice(0, fits - 1).join('')}…`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
