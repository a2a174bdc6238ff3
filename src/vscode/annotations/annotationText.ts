import { heatSteps } from '../shared/contributions.js';
import { exactPercent, percent, count, shortTime } from '../shared/runTexts.js';
import type { AnnotatedLine, FunctionCost, LineCost } from '../runs/shown/sourceCosts.js';

/** From which share of the hottest line each step of heat starts; roughly halving, so that few lines glow. */
const heatFrom = [0, 0.05, 0.12, 0.25, 0.5];

/** 0 (barely warm) to `heatSteps - 1`; the colour's index. */
export function heatStep(heat: number): number {
  const step = heatFrom.findLastIndex((from) => heat >= from);
  return Math.min(Math.max(step, 0), heatSteps - 1);
}

/** What of a line is worth showing under a threshold; undefined when nothing is. */
export function visiblePart(line: AnnotatedLine, minimumPercent: number): AnnotatedLine | undefined {
  const functions = line.functions.filter(
    (f) => Math.max(f.selfPercent, f.totalPercent) >= minimumPercent && f.totalPercent > 0,
  );
  const cost = line.cost && line.cost.selfPercent >= minimumPercent ? line.cost : undefined;
  return functions.length > 0 || cost ? { line: line.line, functions, cost } : undefined;
}

/** The text behind a line: its function's shares and category, its own share, or both. */
export function annotationText({ functions, cost }: AnnotatedLine): string {
  const parts = functionParts(functions);
  if (cost) parts.push(parts.length > 0 ? `line ${percent(cost.selfPercent)}` : percent(cost.selfPercent));
  return parts.join(' · ');
}

function functionParts(functions: readonly FunctionCost[]): string[] {
  const [hottest] = functions;
  if (!hottest) return [];
  if (functions.length === 1) {
    const { selfPercent, totalPercent, category } = hottest;
    return [`self ${percent(selfPercent)}`, `total ${percent(totalPercent)}`, category];
  }
  // Totals of several functions overlap where they call one another: only the self shares add up.
  const self = functions.reduce((sum, f) => sum + f.selfPercent, 0);
  return [`self ${percent(self)}`, `${functions.length} functions`, hottest.category];
}

/** What the hover needs to know about the run beside the line itself. */
export interface HoverRun {
  readonly preset: string;
  readonly createdAt: string;
  readonly event: string;
  readonly fallback: { readonly requested: string; readonly reason: string } | undefined;
  readonly samples: number;
  /** Of an exact count: instructions per operation of the whole, where operations are known. */
  readonly perOp?: number | undefined;
  /** The weights are complete counts: numbers of samples mean nothing. */
  readonly exact?: boolean | undefined;
  /** The source was edited after the profile was recorded. */
  readonly stale: boolean;
}

/** The hover of a line, as Markdown. `link` makes the target of "Show in flame graph". */
export function hoverText(line: AnnotatedLine, run: HoverRun, link: (func: number) => string): string {
  const blocks: string[] = [];
  const third = run.exact ? (run.perOp === undefined ? [] : ['Self/op']) : ['Self samples'];
  const ofEach = (share: number) => ((share / 100) * (run.perOp ?? 0)).toFixed(3);
  const found = (cost: LineCost) => {
    if (!run.exact) return `: ${count(cost.samples)} of ${count(run.samples)} samples`;
    return run.perOp === undefined ? '' : `: ${ofEach(cost.selfPercent)} instructions/op`;
  };
  if (line.functions.length > 0) {
    const rows = line.functions.map((f) =>
      tableRow(
        `[\`${code(f.name)}\`](${link(f.func)} "Show in flame graph")`,
        exactPercent(f.selfPercent),
        exactPercent(f.totalPercent),
        ...(run.exact ? (run.perOp === undefined ? [] : [ofEach(f.selfPercent)]) : [count(f.selfSamples)]),
        text(f.category),
      ),
    );
    blocks.push(
      [
        tableRow('Function', 'Self', 'Total', ...third, 'Category'),
        `| :-- | --: | --: |${third.map(() => ' --: |').join('')} :-- |`,
        ...rows,
      ].join('\n'),
    );
  }
  if (line.cost) {
    const { selfPercent, functions } = line.cost;
    const within = functions
      .slice(0, 5)
      .map((f) =>
        functions.length > 1 ? `\`${code(f.name)}\` ${exactPercent(f.percent)}` : `\`${code(f.name)}\``,
      )
      .join(', ');
    blocks.push(`**${exactPercent(selfPercent)}** on this line${found(line.cost)}, in ${within}`);
  }
  const hottest = line.functions[0];
  if (hottest) blocks.push(`[$(flame) Show in flame graph](${link(hottest.func)})`);
  const event = run.fallback
    ? `\`${run.event}\` in place of \`${run.fallback.requested}\`: ${text(run.fallback.reason)}`
    : `\`${run.event}\``;
  const what = run.perOp === undefined ? '' : `${run.perOp.toFixed(2)} instructions/op, `;
  const footer = run.exact ? `${what}${event}` : `${count(run.samples)} samples of ${event}`;
  blocks.push(`---\n\n${text(run.preset)} · ${shortTime(run.createdAt)} · ${footer}`);
  if (run.stale) {
    blocks.push(
      '$(warning) The source was edited after this profile: profile again for figures of what it is now.',
    );
  }
  return blocks.join('\n\n');
}

/** Hovers draw tables without any space between the columns. */
function tableRow(...cells: string[]): string {
  return `| ${cells.map((cell) => `${cell}&nbsp;&nbsp;`).join(' | ')} |`;
}

/** Names are shown as they are: nothing in them is Markdown. */
function text(value: string): string {
  return value.replace(/[\\`*_{}[\]()#+!|<>~$-]/g, '\\$&').replace(/\s+/g, ' ');
}

/** Inside backticks; a table ends a cell at a bar even there. */
function code(value: string): string {
  return value.replaceAll('`', "'").replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
