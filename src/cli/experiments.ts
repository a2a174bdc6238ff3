import { type Command, InvalidArgumentError, Option } from 'commander';
import { ExitStatus } from '../core/errorCodes.js';
import { compare, compareDefaults, continueComparison, type Compared } from '../core/experiments/compare.js';
import { compareRuns } from '../core/experiments/compareRuns.js';
import { placeOf } from '../core/experiments/place.js';
import { parseSide } from '../core/experiments/sides.js';
import type { Verdict } from '../statistics/verdict.js';
import { openLabOrFolder } from './common.js';
import { print, terminalContext, type Common, type MakeCommand } from './output.js';
import { comparisonTables, detailsTables, runComparisonTables } from './experimentTables.js';
import { seconds, wholeNumber } from './options.js';

/** What all commands that measure pairs have in common. */
interface MeasuringOptions {
  readonly margin: number;
  readonly seconds: number;
  readonly pairs: number;
  readonly seed?: number;
}

interface CompareCommand extends Common, MeasuringOptions {
  readonly preset?: string;
  readonly command?: string;
  readonly details: boolean;
  readonly resume?: string | true;
}

/** 1 slower, 0 equivalent or faster, 3 unclear. */
export function exitStatusOf(verdict: Verdict): number {
  if (verdict === 'slower') return ExitStatus.SLOWER;
  return verdict === 'unclear' ? ExitStatus.UNCLEAR : 0;
}

/** `compare`, `gate`, `matrix`, and what else runs programs to tell them apart. */
export function addExperimentCommands(command: MakeCommand, signal: AbortSignal): void {
  measuringOptions(
    command('compare', 'tell whether B is slower or faster than A, and where')
      .usage(
        '[options] A B\n       hakmem-lab compare [options] --resume [ID]\n\nA and B are presets, saved runs, commits, allocators (glibc, mimalloc, jemalloc, tcmalloc), libraries to\npreload, or commands in quotes. Where a name could mean several, write preset:, run:, commit:, allocator:,\nlibrary:, or command: before it.',
      )
      .argument('[a]', 'what to compare with')
      .argument('[b]', 'what to compare')
      .option('--preset <name>', "what commits and allocators run (default: the lab's first preset)")
      .option('--command <command>', 'what allocators run instead of a preset'),
  )
    .option('--no-details', "don't count instructions or sample afterwards to find where the difference is")
    .option('--resume [id]', 'continue an interrupted comparison (default: the newest)')
    .action(async (a: string | undefined, b: string | undefined, options: CompareCommand, self: Command) => {
      const laboratory = await openLabOrFolder(options);
      const context = terminalContext(signal);
      if (options.resume !== undefined) {
        const id = options.resume === true ? 'latest' : options.resume;
        printComparison(options, await continueComparison(placeOf(laboratory), id, options, context));
        return;
      }
      if (a === undefined || b === undefined)
        self.error('error: specify two things to compare', { exitCode: ExitStatus.MISUSE });
      const place = placeOf(laboratory);
      const [first, second] = [
        await parseSide(a, place.lab, place.store),
        await parseSide(b, place.lab, place.store),
      ];
      if (first.kind === 'run' && second.kind === 'run') {
        const compared = await compareRuns(laboratory, first.id, second.id);
        process.exitCode = exitStatusOf(compared.verdict);
        const presets = new Set(place.lab.definition.presets.map(({ name }) => name));
        print(options, compared, () => runComparisonTables(compared, presets));
        return;
      }
      const asked = { sides: [a, b] as const, preset: options.preset, command: options.command };
      printComparison(options, await compare(place, asked, options, context));
    });
}

function printComparison(options: Common, { comparison, details }: Compared): void {
  process.exitCode = exitStatusOf(comparison.verdict);
  print(options, details ? { ...comparison, details } : comparison, () =>
    [comparisonTables(comparison), ...(details ? [detailsTables(comparison, details)] : [])].join('\n\n'),
  );
}

function measuringOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--margin <percent>', "difference that doesn't matter")
        .argParser(percentage)
        .default(compareDefaults.margin, String(compareDefaults.margin * 100)),
    )
    .option('--seconds <s>', 'stop measuring after this time', seconds, compareDefaults.seconds)
    .option('--pairs <n>', 'stop after this many pairs', wholeNumber, compareDefaults.pairs)
    .option('--seed <n>', 'of the random order (default: random)', wholeNumber);
}

/** A percentage as a share. */
function percentage(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!(value > 0 && value < 100))
    throw new InvalidArgumentError('It must be a percentage between 0 and 100.');
  return value / 100;
}
