import { findSource } from '../../core/lab/findSource.js';
import type { SourcePlace } from '../../wire/protocol.js';
import type { ShownRun } from '../runs/shown/shownRun.js';

/** A line of the profile whose source is here. */
export interface HotLine extends SourcePlace {
  /** On this machine. */
  readonly path: string;
  /** Self share. */
  readonly percent: number;
}

/** Lines that are visited: below the fiftieth, nothing is hot. */
const most = 50;

/** The lines with most cost of their own, of the chosen samples, whose source is here. */
export async function hotLines({ costs, laboratory }: ShownRun, minimumPercent: number): Promise<HotLine[]> {
  const lines: Omit<HotLine, 'path'>[] = [];
  for (const file of costs.fileNames())
    for (const { line, cost } of costs.ofFile(file))
      if (cost && cost.selfPercent > 0 && cost.selfPercent >= minimumPercent)
        lines.push({ file, line, percent: cost.selfPercent });
  lines.sort((a, b) => b.percent - a.percent || a.file.localeCompare(b.file) || a.line - b.line);
  const paths = new Map<string, string | undefined>();
  const found: HotLine[] = [];
  for (const line of lines) {
    if (!paths.has(line.file)) paths.set(line.file, await findSource(line.file, laboratory.lab));
    const path = paths.get(line.file);
    if (path !== undefined) found.push({ ...line, path });
    if (found.length === most) break;
  }
  return found;
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
