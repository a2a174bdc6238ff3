import { Command, Option } from 'commander';
import { version } from '../../package.json';
import { ExitStatus } from '../core/errorCodes.js';
import { runDoctor } from '../core/doctor/doctor.js';
import { eventNamed } from '../core/import/events.js';
import { LAB_FILE_NAME } from '../core/lab/labFile.js';
import { type Laboratory } from '../core/laboratory.js';
import { defaultBenchRepeats } from '../core/laboratory/benchPreset.js';
import { toDocument } from '../views/toDocument.js';
import { differentArguments } from '../text/differentArguments.js';
import type { RecordTarget } from '../core/perf/target.js';
import { argumentsThatDiffer } from '../core/store/runArguments.js';
import type { RunDocument } from '../model/run.js';
import {
  openLab,
  openLabOrFolder,
  openNearestLab,
  openRuns,
  print,
  terminalContext,
  type Common,
  type MakeCommand,
} from './common.js';
import {
  list,
  processId,
  recordOptions,
  repeats,
  seconds,
  toRecordOptions,
  type RecordArguments,
} from './options.js';
import { addExchangeCommands } from './exchange.js';
import { benchTable, doctorTable, profileTables, table } from './tables.js';
import { ofEvent } from '../views/sampleFilter.js';

interface ProfileCommand extends Common, RecordArguments {
  readonly runs?: number;
  readonly counter?: 'callgrind';
  readonly open?: boolean;
}

interface RecordCommand extends Common, RecordArguments {
  readonly pid?: number;
  readonly seconds?: number;
}

/**
 * The command line: a thin layer over the core. Results go to stdout, everything else to stderr.
 * @param built the folder with the built files of the panel
 */
export function createProgram(signal: AbortSignal, built: string): Command {
  const program = new Command('hakmem-lab')
    .description('A performance laboratory for native programs on Linux.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(run hakmem-lab --help for usage)');

  const plain: MakeCommand = (name, description) =>
    program
      .command(name)
      .description(description)
      .option('--lab <file>', `lab file (default: the nearest ${LAB_FILE_NAME})`);
  const command: MakeCommand = (name, description) =>
    plain(name, description).option('--json', 'print one JSON document and nothing else');

  command('presets', 'list the presets').action(async (options: Common) => {
    const { lab } = await openLab(options);
    const { presets } = lab.definition;
    print(options, { lab: lab.definition.name, file: lab.file, presets }, () =>
      table(
        ['Preset', 'Description'],
        ['left', 'left'],
        presets.map((p) => [p.name, p.description]),
      ),
    );
  });

  command('bench <preset>', 'benchmark a preset in interleaved repeats')
    .option('--runs <n>', 'repeats of each allocator', repeats, defaultBenchRepeats)
    .option('--rivals <names>', 'competitors: other allocators, separated by commas', list, [])
    .action(async (preset: string, options: Common & { runs: number; rivals: string[] }) => {
      const laboratory = await openLab(options);
      const wanted = { repeats: options.runs, competitors: options.rivals };
      const run = await laboratory.bench(preset, wanted, terminalContext(signal));
      print(options, benchDocument(run), () => benchTable(run.results));
    });

  recordOptions(
    command('profile <preset>', 'build and profile a preset, and print where the time goes')
      .option('--runs <n>', 'repeats of the benchmark before sampling', repeats)
      .addOption(
        new Option('--open', 'have the next editor window that opens the lab show the run').hideHelp(),
      )
      .addOption(
        new Option('--counter <counter>', 'count every instruction with callgrind instead of sampling')
          .choices(['callgrind'])
          .conflicts(['runs', 'callGraph', 'event', 'scope', 'frequency']),
      ),
  ).action(async (preset: string, options: ProfileCommand) => {
    const laboratory = await openLab(options);
    const context = terminalContext(signal);
    const { run } = options.counter
      ? await laboratory.count(preset, {}, context)
      : await laboratory.profile(
          preset,
          { repeats: options.runs, inline: options.inline, record: toRecordOptions(options) },
          context,
        );
    if (options.open) await laboratory.store.requestOpening(run.id);
    await printRun(laboratory, run, options);
  });

  recordOptions(
    command('record', 'record any program, or a running process with --pid')
      .usage('[options] -- PROGRAM [ARGUMENT…]\n       hakmem-lab record [options] --pid PID [--seconds S]')
      .argument('[program...]', 'program and arguments, after --')
      .option('--pid <pid>', 'attach to a process, which is left running', processId)
      .option('--seconds <s>', 'stop after this time (or earlier with Ctrl-C)', seconds),
  ).action(async (program: string[], options: RecordCommand, self: Command) => {
    const [file, ...args] = program;
    const { pid } = options;
    if ((file === undefined) === (pid === undefined))
      self.error('error: specify either a program after -- or a process with --pid', {
        exitCode: ExitStatus.MISUSE,
      });
    const laboratory = await openLabOrFolder(options);
    const stdin = process.stdin.isTTY ? {} : { stdin: 'inherit' as const };
    const target: RecordTarget =
      pid === undefined ? { kind: 'program', program: file ?? '', args, ...stdin } : { kind: 'process', pid };
    // Ctrl-C stops the recording and keeps it; a second one exits at once (src/cli.ts).
    const limits = { stop: signal, seconds: options.seconds, inline: options.inline };
    const { run } = await laboratory.record(
      target,
      { ...toRecordOptions(options), ...limits },
      terminalContext(),
    );
    await printRun(laboratory, run, options);
  });

  command('runs', 'list saved runs, newest first').action(async (options: Common) => {
    const { store } = await openRuns(options);
    const runs: RunDocument[] = [];
    for (const id of await store.list()) runs.push(await store.load(id));
    print(options, runs, () =>
      table(
        ['Run', 'Kind'],
        ['left', 'left'],
        runs.map((r) => [r.id, r.kind]),
      ),
    );
  });

  command('show <run>', 'print a saved run like `profile` or `bench`')
    .option('--select <event>', 'event to show (default: the first)')
    .action(async (id: string, options: Common & { select?: string }) => {
      const laboratory = await openRuns(options);
      await printRun(laboratory, await laboratory.store.load(id), options);
    });

  addExchangeCommands(plain, signal, built);

  program
    .command('doctor')
    .description("show what this machine can measure, and how to fix what it can't")
    .option('--json', 'print one JSON document and nothing else')
    .action(async (options: Common) => {
      // An invalid lab file doesn't matter here.
      const laboratory = await openNearestLab(options).catch(() => undefined);
      const report = await runDoctor({ signal, folder: laboratory?.lab.folder ?? process.cwd() });
      print(options, report, () => doctorTable(report));
    });

  return program;
}

async function printRun(
  laboratory: Laboratory,
  run: RunDocument,
  options: Common & { readonly select?: string },
): Promise<void> {
  if (run.kind === 'bench') {
    print(options, benchDocument(run), () => benchTable(run.results));
    return;
  }
  const profile = await laboratory.store.loadProfile(run.id);
  const event = options.select === undefined ? 0 : eventNamed(profile, options.select);
  const document = toDocument(ofEvent(profile, event), laboratory.classifier, run.stat);
  const different = argumentsThatDiffer(run);
  const { results, environment } = run;
  const found = {
    run: run.id,
    ...document,
    results,
    environment,
    ...(different ? { arguments: different } : {}),
  };
  print(options, found, () =>
    [
      `Run ${run.id}`,
      ...(run.results.length > 0 ? [benchTable(run.results)] : []),
      ...(different ? [differentArguments(different)] : []),
      profileTables(document, 20),
    ].join('\n\n'),
  );
}

function benchDocument(run: RunDocument): object {
  return { run: run.id, preset: run.preset.name, results: run.results, environment: run.environment };
}
