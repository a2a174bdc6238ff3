import { verdictOf, type Verdict } from '../../statistics/verdict.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { writeOutput } from '../outputFile.js';
import { describeEnvironment } from '../store/runEnvironment.js';
import { withLock } from '../store/lock.js';
import { compare } from './compare.js';
import type { Place } from './place.js';
import type { Comparison } from './comparison.js';
import type { GateCheck, GateFile } from './gateFile.js';
import { openSide } from './sides.js';
import { instructionsPerOp, type CountedInstructions } from './instructions.js';

/** The contract of `gate --json`. */
export interface GateResult {
  readonly kind: 'gate';
  readonly formatVersion: 1;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  readonly history: GateFile['history'];
}

export interface CheckResult {
  readonly name: string;
  readonly preset: string;
  /** The worse of speed and instructions. */
  readonly verdict: Verdict;
  readonly comparison: Comparison;
  readonly instructions: InstructionCheck | null;
}

interface InstructionCheck {
  readonly recorded: number;
  readonly counted: number;
  readonly tolerance: number;
  readonly verdict: Verdict;
  /** Both compilers, if they differ: then the counts aren't comparable. */
  readonly compilers: readonly [string, string] | null;
}

const severity: readonly Verdict[] = ['equivalent', 'faster', 'unclear', 'slower'];

/** `slower` if anything is slower, else `unclear` if anything is unclear. */
function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (worst, one) => (severity.indexOf(one) > severity.indexOf(worst) ? one : worst),
    'equivalent',
  );
}

/**
 * Runs all checks. Their intervals hold together: each misses with a probability of 5% divided by the number of checks, so
 * that one false alarm or more is expected in at most 5% of all runs of the gate.
 */
export async function runGate(
  place: Place,
  file: GateFile,
  seed: number | undefined,
  context: TaskContext,
  onCheck?: (soFar: GateResult) => void,
): Promise<GateResult> {
  const checks: CheckResult[] = [];
  for (const [i, check] of file.checks.entries()) {
    if (context.signal?.aborted) break;
    const which = `Check ${i + 1} of ${file.checks.length}, ${check.name}: `;
    const progress = (message: string) => context.progress(which + message);
    checks.push(await runCheck(place, file, check, seed, { ...context, progress }));
    onCheck?.(concludeGate(file, checks));
  }
  return concludeGate(file, checks);
}

/** What the checks that were measured say; what wasn't measured isn't fine. */
export function concludeGate(file: GateFile, checks: readonly CheckResult[]): GateResult {
  const verdict = worstOf(checks.map((check) => check.verdict));
  const complete = checks.length === file.checks.length;
  return {
    kind: 'gate',
    formatVersion: 1,
    verdict: complete || verdict === 'slower' ? verdict : 'unclear',
    checks: [...checks],
    history: file.history,
  };
}

async function runCheck(
  place: Place,
  file: GateFile,
  check: GateCheck,
  seed: number | undefined,
  context: TaskContext,
): Promise<CheckResult> {
  const { comparison } = await compare(
    place,
    { sides: [sideText(check), `preset:${check.preset}`], preset: check.preset },
    {
      margin: (check.marginPercent ?? file.marginPercent) / 100,
      seconds: file.secondsPerCheck,
      alpha: 0.05 / file.checks.length,
      seed,
    },
    context,
  );
  const instructions = await checkInstructions(place, check, context);
  return {
    name: check.name,
    preset: check.preset,
    verdict: worstOf([comparison.verdict, ...(instructions ? [instructions.verdict] : [])]),
    comparison,
    instructions,
  };
}

function sideText({ against: { commit, preset, allocator } }: GateCheck): string {
  if (commit !== undefined) return `commit:${commit}`;
  return preset === undefined ? `allocator:${allocator ?? ''}` : `preset:${preset}`;
}

async function checkInstructions(
  place: Place,
  { preset, instructions }: GateCheck,
  context: TaskContext,
): Promise<InstructionCheck | null> {
  if (!instructions || context.signal?.aborted) return null;
  const { perOp, compiler } = await countPreset(place, preset, context, instructions.iterations);
  const tolerance = instructions.tolerancePercent / 100;
  const same = instructions.compiler === '' || instructions.compiler === compiler;
  const difference = Math.log(instructions.perOp / perOp);
  return {
    recorded: instructions.perOp,
    counted: perOp,
    tolerance,
    verdict: same ? verdictOf({ low: difference, high: difference }, tolerance) : 'unclear',
    compilers: same ? null : [instructions.compiler, compiler],
  };
}

/** @throws LabError `not-supported` if the instructions of the preset can't be counted */
async function countPreset(
  { lab, store }: Place,
  preset: string,
  context: TaskContext,
  iterations?: number,
): Promise<CountedInstructions & { readonly compiler: string }> {
  return withLock(store, context, async () => {
    const opening = { lab, store, workload: {}, built: new Set<string>() };
    const side = await openSide({ kind: 'preset', name: preset }, opening, context);
    const counted = await instructionsPerOp(side, store, context, iterations);
    if (counted === null) {
      throw new LabError('not-supported', `The instructions of ${preset} can't be counted.`, {
        detail: 'This needs valgrind, and "iterationsArg" in the preset.',
        remedy: {
          text: 'Install valgrind and set "iterationsArg", or remove "instructions" from the check.',
        },
      });
    }
    const { compiler } = await describeEnvironment(lab.definition, side.subject, lab.folder, context);
    return { ...counted, compiler: compiler ?? '' };
  });
}

/** Counts the instructions of all checks again and writes them to the file. @throws LabError as `countPreset` */
export async function recordGate(
  place: Place,
  name: string,
  file: GateFile,
  context: TaskContext,
): Promise<GateFile> {
  const checks: GateCheck[] = [];
  for (const check of file.checks) {
    const { perOp, iterations, compiler } = await countPreset(place, check.preset, context);
    const tolerancePercent = check.instructions?.tolerancePercent ?? 0.5;
    // Three decimals: more would change with every recording.
    checks.push({
      ...check,
      instructions: { perOp: Number(perOp.toFixed(3)), iterations, tolerancePercent, compiler },
    });
  }
  const recorded = { ...file, checks };
  await writeOutput(name, `${JSON.stringify(recorded, null, 2)}\n`, undefined);
  return recorded;
}
