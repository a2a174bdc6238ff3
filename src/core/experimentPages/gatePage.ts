import { opsPerSec } from '../../text/numbers.js';
import type { ExperimentPage, Table, Tone } from '../../wire/experimentPage.js';
import type { Verdict } from '../../statistics/verdict.js';
import { endingText, verdictWord } from '../experiments/comparisonText.js';
import type { CheckResult, GateResult } from '../experiments/gate.js';
import { advice, stopAction } from './pageActions.js';
import { checkColumns, checkRow } from '../experiments/resultRows.js';

const tones: Record<Verdict, Tone> = {
  slower: 'bad',
  unclear: 'neutral',
  equivalent: 'good',
  faster: 'good',
};

const sentences: Record<Verdict, string> = {
  slower: 'At least one preset is slower than its baseline.',
  unclear: 'Some checks could not be decided.',
  equivalent: 'No preset is slower than its baseline.',
  faster: 'No preset is slower than its baseline, and one is faster.',
};

/** Each check with its verdict. @param progress while checks are still measured */
export function gatePage(result: GateResult, progress: string | null): ExperimentPage {
  const { verdict, checks, history } = result;
  return {
    title: 'Gate',
    progress,
    headline:
      progress === null
        ? { word: verdictWord(verdict), text: sentences[verdict], tone: tones[verdict] }
        : null,
    paragraphs: checks
      .filter(({ comparison }) => comparison.verdict === 'unclear')
      .map(({ name, comparison }) => `${name}: ${endingText(comparison, advice)}`),
    parts: [
      ...(checks.length > 0 ? [checksTable(checks)] : []),
      ...(history.length > 0 ? [elsewhere(history)] : []),
    ],
    actions: progress === null ? [] : [stopAction],
  };
}

function checksTable(checks: readonly CheckResult[]): Table {
  return {
    kind: 'table',
    title: 'Checks',
    columns: checkColumns,
    numbers: [2, 3, 4, 5, 6, 7],
    rows: checks.map(checkRow),
  };
}

function elsewhere(history: GateResult['history']): Table {
  return {
    kind: 'table',
    title: 'Measured elsewhere, not comparable',
    columns: ['Name', 'Preset', 'Throughput', 'Source'],
    numbers: [2],
    rows: history.map(({ name, preset, opsPerSec: speed, source }) => [
      name,
      preset,
      opsPerSec(speed),
      source,
    ]),
  };
}
