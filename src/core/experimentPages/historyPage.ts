import { dateTime, shortTime } from '../../text/dates.js';
import { opsPerSec, plural } from '../../text/numbers.js';
import { intervalText } from '../../text/benchTexts.js';
import { runDifferences } from '../../views/runDifferences.js';
import type { ExperimentPage, Table, Timeline } from '../../wire/experimentPage.js';
import type { PresetHistory } from '../experiments/history.js';
import { change } from '../experiments/progressText.js';

/** The throughput of a preset over its runs, with what changed between them. */
export function historyPage(history: PresetHistory): ExperimentPage {
  const { preset, runs, changes, fewest } = history;
  const last = changes.at(-1);
  const enough = runs.length >= fewest;
  return {
    title: `History of ${preset}`,
    progress: null,
    headline: last
      ? {
          word: plural(changes.length, 'change point'),
          text: `The last one: runs from ${when(history, last.at)} on differ from those before, ${change(ratioAt(history, last.at))} by their medians.`,
          tone: ratioAt(history, last.at) < 1 ? 'bad' : 'good',
        }
      : null,
    paragraphs: [
      ...(runs.length === 0 ? [`${preset} has no saved run with a throughput. Run it to begin.`] : []),
      ...(runs.length > 0 && !enough
        ? [
            `Change points are looked for from ${fewest} runs on; this preset has ${runs.length}. Runs were measured at different times: to tell whether two differ, compare them side by side.`,
          ]
        : []),
      ...(enough && !last ? ['No change point was found: the runs are like one another.'] : []),
    ],
    parts: runs.length > 0 ? [timeline(history), table(history)] : [],
    actions: [],
  };
}

function when({ runs }: PresetHistory, at: number): string {
  return dateTime(runs[at]?.createdAt ?? '');
}

/** Of the median speed of the runs from a change on, up to the next, to that of the runs before it. */
function ratioAt({ runs, changes }: PresetHistory, at: number): number {
  const edges = [0, ...changes.map((one) => one.at), runs.length];
  const index = edges.indexOf(at);
  const medianOf = (from = 0, to = 0) => {
    const speeds = runs.slice(from, to).map(({ results }) => results[0]?.opsPerSec.median ?? NaN);
    return speeds.sort((a, b) => a - b)[Math.floor(speeds.length / 2)] ?? NaN;
  };
  return medianOf(at, edges[index + 1]) / medianOf(edges[index - 1], at);
}

function differencesAt({ runs }: PresetHistory, i: number): string[] {
  const [before, run] = [runs[i - 1], runs[i]];
  if (!before || !run) return [];
  return runDifferences(before, run).map(({ what, a, b }) => `${what}: ${a ?? '—'} → ${b ?? '—'}`);
}

function timeline(history: PresetHistory): Timeline {
  const { runs, changes } = history;
  return {
    kind: 'timeline',
    title: 'Throughput of each run',
    note: 'Medians with their 95% CI, in order of time. A vertical line marks a change point.',
    unit: 'ops/s',
    points: runs.map(({ createdAt, results }, i) => {
      const { median = 0, ci95 = [0, 0] as const } = results[0]?.opsPerSec ?? {};
      return {
        label: shortTime(createdAt),
        value: median,
        low: ci95[0],
        high: ci95[1],
        differences: differencesAt(history, i),
        change: changes.some(({ at }) => at === i),
      };
    }),
  };
}

/** Newest first. */
function table(history: PresetHistory): Table {
  const { runs } = history;
  return {
    kind: 'table',
    title: 'Runs',
    columns: ['Run', 'Throughput', 'Interval', 'What changed'],
    numbers: [1, 2],
    rows: runs
      .map(({ id, results }, i) => {
        const speed = results[0]?.opsPerSec;
        return [
          id,
          speed ? opsPerSec(speed.median) : '—',
          speed && speed.samples.length > 1 ? intervalText(speed) : '—',
          differencesAt(history, i).join(', '),
        ];
      })
      .reverse(),
  };
}
