import { randomInt } from 'node:crypto';
import { defaultMargin } from '../../statistics/verdict.js';
import { designOf, type Cell } from '../../statistics/design.js';
import { SeededOrder } from '../../statistics/random.js';
import type { TaskContext } from '../context.js';
import type { Matrix } from '../lab/labFile.js';
import { errorText, isCanceled, LabError } from '../labError.js';
import { withLock } from '../store/lock.js';
import type { Place } from './place.js';
import { describeOptions, reasonWithoutEffect } from './describedOptions.js';
import { ExperimentLog } from './experimentLog.js';
import { concludeMatrix, type MatrixBlock, type MatrixPlan, type MatrixResult } from './matrixResult.js';
import { instructionsOfAll } from './instructions.js';
import { measureProcess, speedOf } from './measure.js';
import { pilot } from './pilot.js';
import { openSide } from './sides.js';
import type { Side } from './side.js';

export interface MatrixOptions {
  readonly seconds?: number | undefined;
  readonly blocks?: number | undefined;
  readonly seed?: number | undefined;
}

export const matrixDefaults = { seconds: 300, blocks: 200 } as const;

/** The matrix of this name, or the lab's first. @throws LabError `experiment-unknown` */
export function findMatrix({ lab }: Pick<Place, 'lab'>, name: string | undefined): Matrix {
  const { matrix } = lab.definition;
  const found = name === undefined ? matrix[0] : matrix.find((one) => one.name === name);
  if (found) return found;
  throw new LabError(
    'experiment-unknown',
    `The lab file has no matrix${name === undefined ? '' : ` named ${name}`}.`,
    {
      detail: `Matrices of ${lab.definition.name}: ${matrix.map((one) => one.name).join(', ') || 'none'}`,
      remedy: { text: 'Add it under "matrix" in the lab file.' },
    },
  );
}

/**
 * Measures all cells of a matrix in blocks: one process of each cell, in random order. What a block finds is saved before
 * the next one begins.
 * @param resume continues the newest matrix, which must be the same one
 */
export async function runMatrix(
  place: Place,
  matrix: Matrix,
  options: MatrixOptions,
  resume: boolean,
  context: TaskContext,
  onBlock?: (soFar: MatrixResult) => void,
): Promise<MatrixResult> {
  return withLock(place.store, context, async () => {
    const cells = cellsOf(matrix);
    const sides = await openCells(place, matrix, cells, context);
    const log = resume
      ? await reopen(place, matrix)
      : await begin(place, matrix, cells, sides, options, context);
    const { args, metric, seed } = log.plan;
    const lengthened = sides.map((side) => ({ ...side, subject: { ...side.subject, args } }));
    const order = new SeededOrder(seed);
    for (let i = 0; i < log.records.length; i++) order.next(cells.length);
    const until = performance.now() + (options.seconds ?? matrixDefaults.seconds) * 1000;
    const most = options.blocks ?? matrixDefaults.blocks;
    const finished = () =>
      log.records.length >= most || performance.now() >= until || context.signal?.aborted;
    while (!finished()) {
      const speeds: number[] = cells.map(() => NaN);
      try {
        for (const [i, cell] of order.next(cells.length).entries()) {
          context.progress(`Block ${log.records.length + 1}, ${i + 1} of ${cells.length} cells…`);
          speeds[cell] = speedOf(await measureProcess(lengthened[cell] as Side, context), metric);
        }
      } catch (error) {
        if (isCanceled(error)) break;
        throw error;
      }
      await log.append({ speeds });
      onBlock?.(concludeMatrix(log.id, log.plan, log.records));
    }
    const result = concludeMatrix(log.id, log.plan, log.records);
    await log.finish(result);
    return result;
  });
}

function cellsOf({ name, options }: Matrix): Cell[] {
  try {
    return designOf(options.map(({ values }) => values.length));
  } catch (cause) {
    throw new LabError('lab-file-invalid', `The matrix ${name} can't be measured.`, {
      detail: cause instanceof Error ? cause.message : '',
      remedy: { text: 'Use at most four options, or two values for each.' },
      cause,
    });
  }
}

function environmentOf({ options }: Matrix, cell: Cell): Record<string, string> {
  return Object.fromEntries(options.map(({ name, values }, i) => [name, values[cell[i] ?? 0] ?? '']));
}

async function openCells(
  { lab, store }: Place,
  matrix: Matrix,
  cells: readonly Cell[],
  context: TaskContext,
): Promise<Side[]> {
  const opening = { lab, store, workload: {}, built: new Set<string>() };
  const side = await openSide({ kind: 'preset', name: matrix.preset }, opening, context);
  return cells.map((cell) => ({
    ...side,
    subject: {
      ...side.subject,
      environment: { ...side.subject.environment, ...environmentOf(matrix, cell) },
    },
  }));
}

async function begin(
  { lab, store }: Place,
  matrix: Matrix,
  cells: readonly Cell[],
  sides: readonly Side[],
  { seed }: MatrixOptions,
  context: TaskContext,
): Promise<ExperimentLog<MatrixPlan, MatrixBlock>> {
  const piloted = await pilot(sides, context);
  const { metric, sides: lengthened } = piloted;
  const notes = [...piloted.notes];
  const reasons: Record<string, string>[] = [];
  for (const { subject } of sides) {
    const described = await describeOptions(lab, subject.environment, context);
    const without = matrix.options.flatMap(({ name }) => {
      const reason = reasonWithoutEffect(described, name);
      return reason === undefined ? [] : [[name, reason] as const];
    });
    reasons.push(Object.fromEntries(without));
  }
  const instructions = await instructionsOf(sides, store, context, notes);
  return ExperimentLog.create<MatrixPlan, MatrixBlock>(store, 'matrix', {
    kind: 'matrix',
    formatVersion: 1,
    createdAt: new Date().toISOString(),
    name: matrix.name,
    preset: matrix.preset,
    options: matrix.options,
    cells,
    args: lengthened[0]?.subject.args ?? [],
    metric,
    margin: defaultMargin,
    seed: seed ?? randomInt(2 ** 31),
    reasons,
    instructions,
    notes,
  });
}

/** Of one operation of each cell; null, with a note, where they can't be counted. */
async function instructionsOf(
  sides: readonly Side[],
  store: Place['store'],
  context: TaskContext,
  notes: string[],
): Promise<number[] | null> {
  try {
    const counts = await instructionsOfAll(sides, store, context);
    if (counts === null)
      notes.push(
        'Instructions were not counted, which takes valgrind and "iterationsArg" in the preset: only their speed says that options have no effect.',
      );
    return counts;
  } catch (error) {
    if (isCanceled(error)) throw error;
    notes.push(`Instructions were not counted: ${errorText(error).split('\n')[0] ?? ''}`);
    return null;
  }
}

/** @throws LabError `experiment-unknown` if the newest matrix is another one */
async function reopen(
  { store }: Place,
  { name, options }: Matrix,
): Promise<ExperimentLog<MatrixPlan, MatrixBlock>> {
  const log = await ExperimentLog.open<MatrixPlan, MatrixBlock>(store, 'matrix', 'latest');
  if (log.plan.name === name && JSON.stringify(log.plan.options) === JSON.stringify(options)) return log;
  throw new LabError('experiment-unknown', `The newest matrix isn't ${name} as it is in the lab file.`, {
    detail: `It is ${log.plan.name}, ${log.id}.`,
    remedy: { text: 'Start it again without --resume.' },
  });
}
