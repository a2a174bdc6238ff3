import type { Comparison } from '../core/experiments/comparison.js';
import {
  endingText,
  rangeText,
  speedRange,
  speedText,
  verdictText,
  verdictWord,
} from '../core/experiments/comparisonText.js';
import type { RunComparison } from '../core/experiments/compareRuns.js';
import type { GateResult } from '../core/experiments/gate.js';
import { change } from '../core/experiments/progressText.js';
import { checkColumns, checkRow, partColumns, partRow, partUnit } from '../core/experiments/resultRows.js';
import type { Details, InstructionCounts, ProfileComparison } from '../core/experiments/whereDifferent.js';
import { intervalText } from '../text/benchTexts.js';
import { distinctNames } from '../text/names.js';
import { bytes, digits3, opsPerSec } from '../text/numbers.js';
import { escaped } from '../text/printable.js';
import { shellWord } from '../text/shellWord.js';
import type { PartDifference } from '../views/profileDifferences.js';
import type { RunDifference } from '../views/runDifferences.js';
import { table } from './tables.js';
import { terminalOf, wrapped } from './terminal.js';

/** The environment first, since it may explain everything else; then speed and verdict. */
export function comparisonTables(comparison: Comparison): string {
  const { a, b, metric, ratio, differences, notes, seed, experiment } = comparison;
  return [
    ...differencesTable(differences),
    table(
      ['', metric === 'throughput' ? 'Throughput' : 'Time', '95% CI', 'Peak RSS'],
      ['left', 'right', 'right', 'right'],
      [a, b].map((side, i) => [
        `${i === 0 ? 'A' : 'B'}  ${side.label}`,
        speedText(side, metric),
        speedRange(side, metric),
        side.peakRssBytes === null ? '—' : bytes(side.peakRssBytes),
      ]),
    ),
    text(`${verdictWord(comparison.verdict)}: ${verdictText(comparison)}`),
    text(endingText(comparison)),
    ...(ratio && comparison.hodgesLehmann !== null
      ? [
          text(
            `Speed of B over A: median ${change(ratio.value)}, Hodges–Lehmann ${change(comparison.hodgesLehmann)}, 95% CI ${rangeText(ratio)}, valid whenever measuring ends.`,
          ),
        ]
      : []),
    ...notes.map((note) => text(`Note: ${note}`)),
    `Saved as ${experiment} (seed ${seed})`,
  ].join('\n\n');
}

/** Where the difference is, from exact to sampled. */
export function detailsTables(
  { a, b, metric }: Comparison,
  { instructions, profile, notes }: Details,
): string {
  return [
    ...(instructions ? [instructionsText(instructions)] : []),
    ...(profile ? profileTables(profile, metric) : []),
    ...notes.map((note) => text(`Note: ${note}`)),
    ...(profile
      ? [
          `Differential flame graph:\n  hakmem-lab export ${shellWord(profile.b)} --compare ${shellWord(profile.a)} --format html -o compare.html`,
        ]
      : []),
    ...(instructions || profile ? [] : [text(`Nothing more is known about ${a.label} and ${b.label}.`)]),
  ].join('\n\n');
}

/** @param presets names of the presets that can still be measured */
export function runComparisonTables(comparison: RunComparison, presets: ReadonlySet<string>): string {
  const { a, b, verdict, instructions, profile, differences } = comparison;
  return [
    ...differencesTable(differences),
    table(
      ['', 'Throughput', 'Interval', 'Peak RSS'],
      ['left', 'right', 'right', 'right'],
      [a, b].map(({ run, throughput, peakRssBytes }, i) => [
        `${i === 0 ? 'A' : 'B'}  ${run}`,
        throughput ? opsPerSec(throughput.median) : '—',
        throughput && throughput.samples.length > 1 ? intervalText(throughput) : '—',
        peakRssBytes ? bytes(peakRssBytes) : '—',
      ]),
    ),
    verdict === 'unclear'
      ? undecided(comparison, presets)
      : `${verdictWord(verdict)}, by instructions per operation.`,
    ...(instructions ? [instructionsText(instructions)] : []),
    ...(profile ? profileTables({ ...profile, unit: 'share' }, 'time') : []),
  ].join('\n\n');
}

/** Gives a command that decides only where it works: a recorded program isn't a preset. */
function undecided({ a, b }: RunComparison, presets: ReadonlySet<string>): string {
  const why =
    a.throughput && b.throughput
      ? "the runs were measured at different times, so that a difference of throughput may be the machine's."
      : 'no throughput was measured, so that only shares can be compared.';
  const measurable = presets.has(a.preset) && presets.has(b.preset);
  return [
    text(`Unclear: ${why}${measurable ? ' To decide:' : ''}`),
    ...(measurable ? [`  hakmem-lab compare ${shellWord(a.preset)} ${shellWord(b.preset)}`] : []),
  ].join('\n');
}

export function gateTable({ verdict, checks }: GateResult): string {
  return [
    table(
      checkColumns,
      ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
      checks.map(checkRow),
    ),
    ...checks
      .filter(({ comparison }) => comparison.verdict === 'unclear')
      .map(({ name, comparison }) => text(`${name}: ${endingText(comparison)}`)),
    `${verdictWord(verdict)}.`,
  ].join('\n\n');
}

function differencesTable(differences: readonly RunDifference[]): string[] {
  if (differences.length === 0) return ['Both sides ran under the same conditions.'];
  const rows = differences.map(({ what, a, b }) => [what, a ?? '(not set)', b ?? '(not set)']);
  return [`What differs\n\n${table(['', 'A', 'B'], ['left', 'left', 'left'], rows)}`];
}

function instructionsText({ a, b }: InstructionCounts): string {
  return `Instructions per operation (callgrind, without startup): ${digits3(a)} → ${digits3(b)} (${change(b / a)})`;
}

/** A paragraph, no wider than the terminal. */
function text(content: string): string {
  return wrapped(escaped(content), terminalOf(process.stdout));
}

/** How many rows a table of differences has. */
const SHOWN = 10;

function profileTables(
  profile: Pick<ProfileComparison, 'event' | 'unit' | 'categories' | 'functions'>,
  metric: Comparison['metric'],
): string[] {
  const { unit, categories, functions } = profile;
  const rows = (parts: readonly PartDifference[]) => {
    const shown = parts.slice(0, SHOWN);
    const written = distinctNames(shown.map(({ name }) => name));
    return shown.map((one) => partRow(one, unit, written));
  };
  const align = ['left', 'right', 'right', 'right', 'left'] as const;
  return [
    text(`Categories, ${partUnit(profile, metric)}; significant at a false discovery rate of 5%`),
    table(['Category', ...partColumns], align, rows(categories)),
    text(`Functions, ${partUnit(profile, metric)}`),
    table(['Function', ...partColumns], align, rows(functions)),
  ];
}
