import { median } from 'simple-statistics';
import { boundsOf, type Bounds } from '../../statistics/confidenceSequence.js';
import { interaction, isFullDesign, mainEffect, type Cell } from '../../statistics/design.js';
import { logEvidenceAgainst, rejectedByEvidence } from '../../statistics/signEvidence.js';
import { verdictOf, type Verdict } from '../../statistics/verdict.js';
import { percent } from '../../text/numbers.js';
import type { Metric } from './measure.js';

/** An effect inside this margin is none. */
const DEAD_MARGIN = 0.01;
/** Nor is a difference of instructions, which vary by less from one count to the next. */
const SAME_INSTRUCTIONS = 0.001;

export interface MatrixPlan {
  readonly kind: 'matrix';
  readonly formatVersion: 1;
  readonly createdAt: string;
  readonly name: string;
  readonly preset: string;
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly cells: readonly Cell[];
  readonly args: readonly string[];
  readonly metric: Metric;
  readonly margin: number;
  readonly seed: number;
  /** By cell: options that the program says have no effect there, with its reason. */
  readonly reasons: readonly Readonly<Record<string, string>>[];
  /** By cell: instructions of one operation. Null if they can't be counted; absent in matrices of earlier versions. */
  readonly instructions?: readonly number[] | null;
  readonly notes: readonly string[];
}

/** One process of every cell. */
export interface MatrixBlock {
  readonly speeds: readonly number[];
}

/** The contract of `matrix --json`. */
export interface MatrixResult extends MatrixPlan {
  readonly experiment: string;
  readonly blocks: number;
  /** Median speed of each cell. */
  readonly speeds: readonly number[];
  /** The fastest first. */
  readonly ranking: readonly number[];
  /** Whether the fastest cell differs from the second. */
  readonly best: Verdict;
  readonly effects: readonly Effect[];
  readonly dead: readonly DeadOption[];
}

/** Of speed: above 1 is faster. */
export interface Effect {
  /** `OPTION=value` against its first value, or two options for an interaction. */
  readonly name: string;
  readonly options: readonly string[];
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Shown, at a false discovery rate of 5% over all effects (e-BH). */
  readonly shown: boolean;
}

export interface DeadOption {
  readonly name: string;
  /** In how many of the cells the program says so. */
  readonly cells: number;
  readonly reason: string;
  /** Whether all its effects were measured to be within ±1%; otherwise only the program's word is known. */
  readonly measured: boolean;
  /** By how much it changes the instructions of one operation, at most; null if they were not counted. */
  readonly instructionsDiffer: number | null;
}

/** A pure function of what was measured: each block gives one contrast per effect. */
export function concludeMatrix(
  experiment: string,
  plan: MatrixPlan,
  blocks: readonly MatrixBlock[],
): MatrixResult {
  const { cells } = plan;
  const logs = blocks.map(({ speeds }) => speeds.map(Math.log));
  const speeds = cells.map((_, i) =>
    blocks.length > 0 ? median(blocks.map((block) => block.speeds[i] ?? NaN)) : 0,
  );
  const ranking = [...cells.keys()].sort((a, b) => (speeds[b] ?? 0) - (speeds[a] ?? 0));
  const [first = 0, second = 0] = ranking;
  const lead = boundsOf(logs.map((block) => (block[first] ?? 0) - (block[second] ?? 0)));
  const effects = effectsOf(plan, logs);
  return {
    ...plan,
    experiment,
    blocks: blocks.length,
    speeds,
    ranking,
    best: verdictOf(lead, plan.margin),
    effects,
    dead: deadOptions(plan, effects),
    notes: [...plan.notes, ...contradictions(plan, effects)],
  };
}

function effectsOf({ cells, options }: MatrixPlan, logs: readonly (readonly number[])[]): Effect[] {
  const wanted = options.flatMap(({ name, values }, factor) =>
    values.slice(1).map((value, i) => ({
      name: `${name}=${value}`,
      options: [name],
      contrast: (block: readonly number[]) => mainEffect(cells, block, factor, i + 1),
    })),
  );
  if (isFullDesign(options.length)) {
    options.forEach((a, i) => {
      options.slice(0, i).forEach((b, j) => {
        if (a.values.length !== 2 || b.values.length !== 2) return;
        wanted.push({
          name: `${b.name} × ${a.name}`,
          options: [b.name, a.name],
          contrast: (block) => interaction(cells, block, j, i),
        });
      });
    });
  }
  const measured = wanted.map((effect) => ({
    ...effect,
    values: logs.map((block) => effect.contrast(block)),
  }));
  const shown = rejectedByEvidence(measured.map(({ values }) => logEvidenceAgainst(0, values)));
  return measured.map(({ name, options: own, values }, i) => {
    const { low, high }: Bounds = boundsOf(values);
    return {
      name,
      options: own,
      ratio: values.length > 0 ? Math.exp(median(values)) : 1,
      low: Math.exp(low),
      high: Math.min(Math.exp(high), Number.MAX_VALUE),
      shown: shown.has(i),
    };
  });
}

/**
 * An option is dead when its effects on speed are inside the margin, or, in some combinations, the program says why it has
 * none; and in either case only if the instructions of an operation stay the same.
 */
function deadOptions(plan: MatrixPlan, effects: readonly Effect[]): DeadOption[] {
  return withoutEffect(plan, effects).filter(sameInstructions);
}

/** Where instructions contradict the program. */
function contradictions(plan: MatrixPlan, effects: readonly Effect[]): string[] {
  return withoutEffect(plan, effects)
    .filter((one) => one.cells > 0 && !sameInstructions(one))
    .map(
      ({ name, reason, instructionsDiffer }) =>
        `The program says that ${name} has no effect (${reason}), but it changes the instructions of an operation by up to ${percent(instructionsDiffer ?? 0)}.`,
    );
}

function sameInstructions({ instructionsDiffer }: DeadOption): boolean {
  return instructionsDiffer === null || instructionsDiffer <= SAME_INSTRUCTIONS;
}

/** By speed, or by the program's word. */
function withoutEffect(plan: MatrixPlan, effects: readonly Effect[]): DeadOption[] {
  return plan.options.flatMap(({ name }, factor) => {
    const said = plan.reasons.flatMap((one) => one[name] ?? []);
    const own = effects.filter((effect) => effect.options.includes(name));
    const measured = own.every(({ low, high }) => low >= 1 - DEAD_MARGIN && high <= 1 + DEAD_MARGIN);
    if (said.length === 0 && !measured) return [];
    const [reason = 'no effect was measured under this workload'] = said;
    const relevant = (cell: number) => said.length === 0 || plan.reasons[cell]?.[name] !== undefined;
    return [
      {
        name,
        cells: said.length,
        reason,
        measured,
        instructionsDiffer: instructionsBy(plan, factor, relevant),
      },
    ];
  });
}

/**
 * The largest relative difference of instructions that an option makes where all others are the same; where not all
 * combinations are measured, the mean difference.
 */
function instructionsBy(
  { cells, instructions }: MatrixPlan,
  factor: number,
  relevant: (cell: number) => boolean,
): number | null {
  if (!instructions) return null;
  const logs = instructions.map(Math.log);
  if (!isFullDesign(cells[0]?.length ?? 0)) return Math.expm1(Math.abs(mainEffect(cells, logs, factor, 1)));
  const groups = new Map<string, number[]>();
  cells.forEach((cell, i) => {
    const others = cell.with(factor, 0).join();
    groups.set(others, [...(groups.get(others) ?? []), i]);
  });
  const differences = [...groups.values()]
    .filter((group) => group.some(relevant))
    .map((group) => group.map((i) => logs[i] ?? NaN))
    .map((group) => Math.max(...group) - Math.min(...group));
  return Math.expm1(Math.max(0, ...differences));
}
