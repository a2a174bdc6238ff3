import * as vscode from 'vscode';
import { codeLines } from '../../text/codeLines.js';
import type { SourcePlace } from '../../wire/protocol.js';
import { profiledText } from '../annotations/profiledText.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { SourceCosts } from '../runs/shown/sourceCosts.js';

/** A line of the profile whose source is here. */
export interface HotLine extends SourcePlace {
  /** On this machine. */
  readonly path: string;
  /** Self share. */
  readonly percent: number;
}

/** Lines that are visited: below the fiftieth, nothing is hot. */
const most = 50;

interface Found {
  readonly lines: readonly HotLine[];
  /** Where the sources were, the hottest first; undefined for one that wasn't here. */
  readonly paths: ReadonlyMap<string, string | undefined>;
}

/** By the costs that they were found in: reading the sources of a large program takes longer than a key press. */
const known = new WeakMap<SourceCosts, Map<number, Promise<Found>>>();
/** Files that are looked for again: what is located or built later is hot. */
const lookedFor = 20;

/**
 * The lines with most cost of their own, of the chosen samples, whose source is here. Those of nothing but braces are left
 * out: they are the ends of functions, and there is nothing to read.
 */
export async function hotLines(run: ShownRun, minimumPercent: number): Promise<readonly HotLine[]> {
  let found = known.get(run.costs);
  if (!found) known.set(run.costs, (found = new Map()));
  const before = await found.get(minimumPercent)?.catch(() => undefined);
  if (before && (await areWhereTheyWere(before, run))) return before.lines;
  const now = find(run, minimumPercent);
  found.set(minimumPercent, now);
  return (await now).lines;
}

async function areWhereTheyWere({ paths }: Found, run: ShownRun): Promise<boolean> {
  for (const [file, path] of [...paths].slice(0, lookedFor))
    if ((await run.findSource(file)) !== path) return false;
  return true;
}

async function find(run: ShownRun, minimumPercent: number): Promise<Found> {
  const { costs } = run;
  const lines: Omit<HotLine, 'path'>[] = [];
  for (const file of costs.fileNames())
    for (const { line, cost } of costs.ofFile(file))
      if (cost && cost.selfPercent > 0 && cost.selfPercent >= minimumPercent)
        lines.push({ file, line, percent: cost.selfPercent });
  lines.sort((a, b) => b.percent - a.percent || a.file.localeCompare(b.file) || a.line - b.line);
  const paths = new Map<string, string | undefined>();
  const braces = new Map<string, Uint8Array | undefined>();
  const found: HotLine[] = [];
  for (const line of lines) {
    if (!paths.has(line.file)) paths.set(line.file, await run.findSource(line.file));
    const path = paths.get(line.file);
    if (path === undefined) continue;
    if (!braces.has(line.file)) braces.set(line.file, await bracesOf(line.file, path, run));
    if (braces.get(line.file)?.[line.line - 1] !== 1) found.push({ ...line, path });
    if (found.length === most) break;
  }
  return { lines: found, paths };
}

/** By line of the profiled text, 1 for those of nothing but braces; undefined where the text isn't known. */
async function bracesOf(name: string, path: string, run: ShownRun): Promise<Uint8Array | undefined> {
  const { lines } = await profiledText(vscode.Uri.file(path), [name], run);
  return lines && codeLines(path, lines)?.onlyBraces;
}

/** The line before or after the one at the cursor, by cost; the hottest if the cursor is on none. Goes round at the ends. */
export function neighborIn(
  lines: readonly HotLine[],
  cursor: { readonly path: string; readonly line: number } | undefined,
  step: 1 | -1,
): number {
  const at = lines.findIndex(({ path, line }) => path === cursor?.path && line === cursor.line);
  return at < 0 ? 0 : (at + step + lines.length) % lines.length;
}

/** The line with most cost of its own in a function; undefined if no sample ended in it, or its lines aren't known. */
export function hottestLineOf(
  { costs, recorded: { functions, strings } }: ShownRun,
  func: number,
): SourcePlace | undefined {
  const name = strings[functions.name[func] ?? -1];
  let hottest: (SourcePlace & { readonly percent: number }) | undefined;
  for (const file of costs.fileNames())
    for (const { line, cost } of costs.ofFile(file)) {
      const percent = cost?.functions.find((own) => own.func === func || own.name === name)?.percent ?? 0;
      if (percent > (hottest?.percent ?? 0)) hottest = { file, line, percent };
    }
  return hottest && { file: hottest.file, line: hottest.line };
}
