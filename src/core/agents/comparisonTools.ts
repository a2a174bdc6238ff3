import path from 'node:path';
import * as z from '../zod.js';
import { intervalText } from '../../text/benchTexts.js';
import { bytes, digits3, opsPerSec } from '../../text/numbers.js';
import { compare, compareDefaults } from '../experiments/compare.js';
import { compareRuns, type RunComparison } from '../experiments/compareRuns.js';
import type { Comparison } from '../experiments/comparison.js';
import { endingText, speedText, verdictText, verdictWord } from '../experiments/comparisonText.js';
import { runGate } from '../experiments/gate.js';
import { GATE_FILE_NAME, loadGateFile } from '../experiments/gateFile.js';
import { placeOf } from '../experiments/place.js';
import { partRow } from '../experiments/resultRows.js';
import { savedComparisons } from '../experiments/savedExperiments.js';
import type { Details } from '../experiments/whereDifferent.js';
import type { PartDifference } from '../../views/profileDifferences.js';
import type { RunDifference } from '../../views/runDifferences.js';
import { define, limit, type AgentTool } from './tool.js';

const maxParts = 10;
const longestSeconds = 600;

/** About what is faster. */
export const comparisonTools: readonly AgentTool[] = [
  define(
    'compare_runs',
    'Sets two saved runs side by side: what differs in their circumstances, throughput, and shares of functions. Gives no verdict on speed, since they were measured at different times.',
    {
      a: z.string().check(z.minLength(1), z.describe('ID of a run')),
      b: z.string().check(z.minLength(1), z.describe('ID of another run')),
    },
    async (laboratory, { a, b }) => runLines(await compareRuns(laboratory, a, b)),
  ),
  define(
    'list_comparisons',
    'Lists finished comparisons of speed with their verdicts, newest first.',
    { limit },
    async ({ store }, { limit: most }) => {
      const all = (await savedComparisons(store)).reverse();
      if (all.length === 0) return ['There are no finished comparisons.'];
      return all.slice(0, most).map((one) => `${one.experiment}: ${verdictText(one)}`);
    },
  ),
  define(
    'compare_presets',
    'Measures in random pairs whether preset B is slower or faster than A, until the interval is narrow enough or the time is up. Executes programs.',
    {
      a: z.string().check(z.minLength(1), z.describe('Name of a preset')),
      b: z.string().check(z.minLength(1), z.describe('Name of another preset')),
      seconds: z
        ._default(z.number().check(z.positive(), z.maximum(longestSeconds)), compareDefaults.seconds)
        .check(z.describe('Longest time for pairs')),
    },
    async (laboratory, { a, b, seconds }, context) => {
      const { comparison, details } = await compare(
        placeOf(laboratory),
        { sides: [a, b] },
        { seconds },
        context,
      );
      return [...comparisonLines(comparison), ...(details ? detailLines(details) : [])];
    },
    { kind: 'compare', presets: ({ a, b }) => [a, b] },
  ),
  define(
    'run_gate',
    `Runs the checks of ${GATE_FILE_NAME}: whether a preset became slower than its baseline. Executes programs.`,
    {},
    async (laboratory, _, context) => {
      const file = await loadGateFile(path.join(laboratory.lab.folder, GATE_FILE_NAME));
      const { verdict, checks } = await runGate(placeOf(laboratory), file, undefined, context);
      return [
        `${verdictWord(verdict)}.`,
        ...checks.map(
          ({ name, verdict: own, comparison }) => `${name}: ${verdictWord(own)}. ${verdictText(comparison)}`,
        ),
        ...(checks.length < file.checks.length
          ? [`Not measured: ${file.checks.length - checks.length} of ${file.checks.length}.`]
          : []),
      ];
    },
    { kind: 'gate', presets: () => [] },
  ),
];

function comparisonLines(comparison: Comparison): string[] {
  const { a, b, metric, differences, notes, experiment } = comparison;
  return [
    verdictText(comparison),
    endingText(comparison),
    ...[a, b].map((side) => `${side.label}: ${speedText(side, metric)}`),
    ...differenceLines(differences),
    ...notes.map((note) => `Note: ${note}`),
    `Saved as comparison ${experiment}.`,
  ];
}

function detailLines({ instructions, profile, notes }: Details): string[] {
  return [
    instructions
      ? `Instructions of one operation: A ${digits3(instructions.a)}, B ${digits3(instructions.b)}`
      : 'Instructions were not counted.',
    ...(profile ? partLines(profile.functions, profile.unit) : ['No profiles were recorded.']),
    ...notes.map((note) => `Note: ${note}`),
  ];
}

function runLines({ a, b, instructions, differences, profile }: RunComparison): string[] {
  return [
    ...[a, b].map(({ run, preset, throughput, peakRssBytes }) =>
      [
        `${run}: ${preset}`,
        throughput
          ? `${opsPerSec(throughput.median)} (${intervalText(throughput)})`
          : 'throughput was not measured',
        ...(peakRssBytes === null ? [] : [`peak memory ${bytes(peakRssBytes)}`]),
      ].join(', '),
    ),
    // What measures is offered only where that was allowed.
    a.throughput && b.throughput
      ? 'A difference of throughput may be that of the machine, since the runs were measured at different times. What measures in turn decides: compare_presets, or hakmem-lab compare in a terminal.'
      : 'Without throughput, only shares can be compared: they say where time is spent, not which run is faster.',
    ...(instructions
      ? [`Instructions of one operation: A ${digits3(instructions.a)}, B ${digits3(instructions.b)}`]
      : []),
    ...differenceLines(differences),
    ...(profile ? partLines(profile.functions, 'share') : ['Profiles of the same event are missing.']),
  ];
}

function differenceLines(differences: readonly RunDifference[]): string[] {
  if (differences.length === 0) return ['Both ran under the same conditions.'];
  return differences.map(
    ({ what, a, b }) => `Differs: ${what}: A ${a ?? '(not set)'}, B ${b ?? '(not set)'}`,
  );
}

/** Only what is significant. */
function partLines(parts: readonly PartDifference[], unit: 'ns/op' | 'share'): string[] {
  const found = parts.filter(({ significant }) => significant).slice(0, maxParts);
  if (found.length === 0) return ['No function differs significantly.'];
  return [
    unit === 'share'
      ? 'Functions that differ significantly (FDR 5%), in shares of all samples, and B − A in percentage points with 95% intervals in brackets:'
      : 'Functions that differ significantly (FDR 5%), in time of one operation, and B − A with 95% intervals in brackets:',
    ...found.map((part) => {
      const [name = '', inA = '', inB = '', difference = ''] = partRow(part, unit);
      const [low, high] = [part.delta.low, part.delta.high].map((value) => {
        const bound = { ...part, delta: { ...part.delta, value } };
        return partRow(bound, unit)[3] ?? '';
      });
      return `  ${name}: A ${inA}, B ${inB}, B − A ${difference}${low === high ? '' : ` [${low} to ${high}]`}`;
    }),
  ];
}
