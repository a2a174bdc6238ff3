import type { RunDocument } from '../model/run.js';

/** Something that differs between two runs; null if a run lacks it. */
export interface RunDifference {
  readonly what: string;
  /** Of the compared run. */
  readonly a: string | null;
  /** Of the shown run. */
  readonly b: string | null;
}

/** What a run was measured with, and where. */
export type Circumstances = Pick<RunDocument, 'preset' | 'environment'>;

/** Everything besides the code that could explain a difference of the results. Only what differs. */
export function runDifferences(a: Circumstances, b: Circumstances): RunDifference[] {
  const found: RunDifference[] = [];
  const compare = (what: string, of: (run: Circumstances) => string | number | null | undefined): void => {
    const [x, y] = [text(of(a)), text(of(b))];
    if (x !== y) found.push({ what, a: x, b: y });
  };
  // What was imported comes without its command.
  if (a.preset.program !== '' && b.preset.program !== '') {
    compare('Program', (run) => run.preset.program);
    compare('Arguments', (run) => run.preset.args.join(' '));
  }
  if (a.preset.profileArgs || b.preset.profileArgs)
    compare('Profile arguments', ({ preset }) => (preset.profileArgs ?? preset.args).join(' '));
  const names = new Set([...Object.keys(a.environment.variables), ...Object.keys(b.environment.variables)]);
  for (const name of [...names].sort()) compare(name, (run) => run.environment.variables[name]);
  compare('Commit', (run) => commitText(run));
  compare('Program SHA-256', (run) => run.environment.programHash?.slice(0, 12));
  compare('Processor', (run) => run.environment.host?.cpu);
  compare('Cores', (run) => run.environment.host?.cores);
  compare('Kernel', (run) => run.environment.host?.kernel);
  compare('Compiler', (run) => run.environment.compiler);
  compare('perf', (run) => run.environment.perf);
  // Runs of earlier versions don't say: that they lack a setting isn't a difference.
  const [x, y] = [a.environment.machine, b.environment.machine];
  for (const name of Object.keys({ ...x, ...y }).sort())
    if (x && y) compare(name, (run) => run.environment.machine?.[name]);
  return found;
}

function commitText({ environment: { source } }: Circumstances): string | null {
  if (!source) return null;
  const changed = source.diffHash === undefined ? '' : ` with changes ${source.diffHash}`;
  return source.commit.slice(0, 12) + changed;
}

function text(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
