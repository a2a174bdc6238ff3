import type { RunDocument } from '../model/run.js';

/** Something that differs between two runs; null if a run lacks it. */
export interface RunDifference {
  readonly what: string;
  /** Of the compared run. */
  readonly a: string | null;
  /** Of the shown run. */
  readonly b: string | null;
}

/** Everything besides the code that could explain a difference of the results. Only what differs. */
export function runDifferences(a: RunDocument, b: RunDocument): RunDifference[] {
  const found: RunDifference[] = [];
  const compare = (what: string, of: (run: RunDocument) => string | number | null | undefined): void => {
    const [x, y] = [text(of(a)), text(of(b))];
    if (x !== y) found.push({ what, a: x, b: y });
  };
  compare('Program', (run) => run.preset.program);
  compare('Arguments', (run) => run.preset.args.join(' '));
  if (a.preset.profileArgs || b.preset.profileArgs)
    compare('Profile arguments', ({ preset }) => (preset.profileArgs ?? preset.args).join(' '));
  const names = new Set([...Object.keys(a.environment.variables), ...Object.keys(b.environment.variables)]);
  for (const name of [...names].sort()) compare(name, (run) => run.environment.variables[name]);
  compare('Program SHA-256', (run) => run.environment.programHash?.slice(0, 12));
  compare('Processor', (run) => run.environment.host?.cpu);
  compare('Cores', (run) => run.environment.host?.cores);
  compare('Kernel', (run) => run.environment.host?.kernel);
  compare('Compiler', (run) => run.environment.compiler);
  compare('perf', (run) => run.environment.perf);
  return found;
}

function text(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
