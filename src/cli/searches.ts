import { ExitStatus } from '../core/errorCodes.js';
import { bisect, type BisectOptions, type BisectResult } from '../core/experiments/bisect.js';
import { compareDefaults } from '../core/experiments/compare.js';
import { change } from '../core/experiments/progressText.js';
import { findMatrix, matrixDefaults, runMatrix, type MatrixOptions } from '../core/experiments/matrix.js';
import type { MatrixResult } from '../core/experiments/matrixResult.js';
import { againstBest, deadOptionText } from '../core/experiments/matrixText.js';
import { rangeText, verdictWord } from '../core/experiments/comparisonText.js';
import { presetHistory, type PresetHistory } from '../core/experiments/history.js';
import { readableRuns } from '../core/store/savedRuns.js';
import { intervalText } from '../text/benchTexts.js';
import { opsPerSec, plural, scaled } from '../text/numbers.js';
import { escaped } from '../text/printable.js';
import { runDifferences } from '../views/runDifferences.js';
import { openLab } from './common.js';
import { print, terminalContext, type Common, type MakeCommand } from './output.js';
import { placeOf } from '../core/experiments/place.js';
import { seconds, wholeNumber } from './options.js';
import { table } from './tables.js';

/** `matrix`, `bisect`, and `history`: which option, which commit, since when. */
export function addSearchCommands(command: MakeCommand, signal: AbortSignal): void {
  command('matrix', 'measure every combination of the options of a matrix in the lab file')
    .argument('[name]', "matrix (default: the lab's first)")
    .option('--seconds <s>', 'stop after this time', seconds, matrixDefaults.seconds)
    .option(
      '--blocks <n>',
      'stop after every combination has been measured this often',
      wholeNumber,
      matrixDefaults.blocks,
    )
    .option('--seed <n>', 'of the random order (default: random)', wholeNumber)
    .option('--resume', 'continue the newest matrix')
    .action(async (name: string | undefined, options: Common & MatrixOptions & { resume?: boolean }) => {
      const place = placeOf(await openLab(options));
      const context = terminalContext(signal);
      const result = await runMatrix(
        place,
        findMatrix(place, name),
        options,
        options.resume ?? false,
        context,
      );
      print(options, result, () => matrixTables(result));
    });

  command('bisect', 'find the commit that made a preset slower')
    .argument('<preset>', 'what the commits run')
    .argument('<good>', 'a commit that is fast')
    .argument('<bad>', 'a later commit that is slow')
    .option('--seconds <s>', 'stop each comparison after this time', seconds, compareDefaults.seconds)
    .option('--seed <n>', 'of the random order (default: random)', wholeNumber)
    .action(async (preset: string, good: string, bad: string, options: Common & BisectOptions) => {
      const place = placeOf(await openLab(options));
      const result = await bisect(place, preset, good, bad, options, terminalContext(signal));
      if (result.verdict === 'unclear') process.exitCode = ExitStatus.UNCLEAR;
      print(options, result, () => bisectTable(result));
    });

  command('history', 'list the throughput of a preset over its saved runs')
    .argument('<preset>')
    .action(async (preset: string, options: Common) => {
      const { store } = await openLab(options);
      const history = presetHistory(await readableRuns(store), preset);
      print(options, history, () => historyTable(history));
    });
}

function matrixTables(result: MatrixResult): string {
  const { options, cells, speeds, ranking, best, effects, dead, blocks, metric, notes, experiment } = result;
  const fastest = speeds[ranking[0] ?? 0] ?? 0;
  const unit = metric === 'throughput' ? opsPerSec : (value: number) => `${scaled(value)} executions/s`;
  return [
    table(
      [...options.map(({ name }) => name), 'Speed', 'Against the best'],
      [...options.map(() => 'left' as const), 'right', 'right'],
      ranking.map((cell) => [
        ...options.map(({ values }, i) => values[cells[cell]?.[i] ?? 0] ?? ''),
        unit(speeds[cell] ?? 0),
        againstBest((speeds[cell] ?? 0) / fastest),
      ]),
    ),
    best === 'faster'
      ? 'The best combination is faster than the second.'
      : 'That the best combination is faster than the second is not shown.',
    table(
      ['Effect on speed', 'Change', '95% CI', 'Shown'],
      ['left', 'right', 'right', 'left'],
      effects.map((one) => [
        one.name,
        change(one.ratio),
        rangeText({ value: one.ratio, low: one.low, high: one.high }),
        one.shown ? 'yes' : 'no',
      ]),
    ),
    ...dead.map((one) => escaped(deadOptionText(one, cells.length))),
    ...notes.map((note) => escaped(`Note: ${note}`)),
    `${plural(blocks, 'block')}, saved as ${experiment}`,
  ].join('\n\n');
}

function bisectTable({ commit, subject, verdict, steps, preset }: BisectResult): string {
  const texts = {
    found: `${commit?.slice(0, 12) ?? ''} made ${preset} slower: ${subject ?? ''}`,
    'not slower': `${preset} isn't slower at the second commit.`,
    unclear: commit
      ? `Probably ${commit.slice(0, 12)}: ${subject ?? ''}. It wasn't confirmed; allow more time with --seconds.`
      : 'Unclear: allow more time with --seconds.',
  };
  return [
    table(
      ['Commit', 'Against', 'Verdict', 'Change', '95% CI', 'Pairs'],
      ['left', 'left', 'left', 'right', 'right', 'right'],
      steps.map((step) => [
        step.commit.slice(0, 12),
        step.against.slice(0, 12),
        verdictWord(step.verdict),
        step.ratio ? change(step.ratio.value) : '—',
        step.ratio ? rangeText(step.ratio) : '—',
        String(step.pairs),
      ]),
    ),
    escaped(texts[verdict]),
  ].join('\n\n');
}

/** Oldest first, each with what differs from the run before it. */
function historyTable({ preset, runs, changes, fewest }: PresetHistory): string {
  const found = changes.map(({ at }) => runs[at]?.id ?? '').join(', ');
  const rows = table(
    ['Run', 'Throughput', 'Interval', 'What changed'],
    ['left', 'right', 'right', 'left'],
    runs.map((run, i) => {
      const speed = run.results[0]?.opsPerSec;
      const before = runs[i - 1];
      return [
        run.id,
        speed ? opsPerSec(speed.median) : '—',
        speed && speed.samples.length > 1 ? intervalText(speed) : '—',
        before
          ? runDifferences(before, run)
              .map(({ what }) => what)
              .join(', ')
          : '',
      ];
    }),
  );
  const changed =
    runs.length < fewest
      ? `${escaped(preset)} has ${plural(runs.length, 'run')}; change points are looked for from ${fewest} on.`
      : changes.length === 0
        ? 'No change point was found.'
        : `The runs differ from those before from here on: ${found}`;
  return [rows, changed].join('\n\n');
}
