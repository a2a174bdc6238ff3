import { Command, Option } from 'commander';
import { version } from '../../package.json';
import { runDoctor } from '../core/doctor/doctor.js';
import { eventNamed } from '../core/import/events.js';
import { LAB_FILE_NAME } from '../core/lab/labFile.js';
import { defaultBenchRuns, type Laboratory } from '../core/laboratory.js';
import { toDocument } from '../views/toDocument.js';
import { differentArguments } from '../text/differentArguments.js';
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
  count,
  list,
  processId,
  recordOptions,
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
}

interface RecordCommand extends Common, RecordArguments {
  readonly pid?: number;
  readonly seconds?: number;
}

/**
 * The command line: a thin layer over the core. Results go to stdout, everything else to stderr.
 * @param built the folder with the panel's built files
 */
export function createProgram(signal: AbortSignal, built: string): Command {
  const program = new Command('hakmem-lab')
    .description('A performance laboratory for allocators and native programs.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(hakmem-lab --help shows the usage)');

  const plain: MakeCommand = (name, description) =>
    program
      .command(name)
      .description(description)
      .option('--lab <file>', `the lab file (default: the nearest ${LAB_FILE_NAME})`);
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

  command('bench <preset>', 'measure throughput in interleaved repeats')
    .option('--runs <n>', 'repeats of each allocator', count, defaultBenchRuns)
    .option('--rivals <names>', 'other allocators, separated by commas', list, [])
    .action(async (preset: string, options: Common & { runs: number; rivals: string[] }) => {
      const laboratory = await openLab(options);
      const run = await laboratory.bench(preset, options, terminalContext(signal));
      print(options, benchDocument(run), () => benchTable(run.results));
    });

  recordOptions(
    command('profile <preset>', 'build, count, sample and show where the time goes')
      .option('--runs <n>', 'repeats of the benchmark before sampling', count)
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
      : await laboratory.profile(preset, { ...options, record: toRecordOptions(options) }, context);
    await printRun(laboratory, run, options);
  });

  recordOptions(
    command('record', 'record any program, or with --pid a process that runs already')
      .usage('[options] -- PROGRAM [ARGUMENT…]\n       hakmem-lab record [options] --pid PID [--seconds S]')
      .argument('[program...]', 'the program and its arguments, after --')
      .option('--pid <pid>', 'attach to this process; it lives on', processId)
      .option('--seconds <s>', 'end the recording after this time; Ctrl-C ends it sooner', seconds),
  ).action(async (program: string[], options: RecordCommand, self: Command) => {
    const [file, ...args] = program;
    const { pid } = options;
    if ((file === undefined) === (pid === undefined))
      self.error('error: name either a program after -- or a process with --pid', { exitCode: 2 });
    const laboratory = await openLabOrFolder(options);
    const stdin = process.stdin.isTTY ? {} : { stdin: 'inherit' as const };
    const target = pid === undefined ? { program: file ?? '', args, ...stdin } : { pid };
    // Ctrl-C ends the recording and keeps it; a second one ends everything (src/cli.ts).
    const limits = { stop: signal, seconds: options.seconds, inline: options.inline };
    const { run } = await laboratory.record(
      target,
      { ...toRecordOptions(options), ...limits },
      terminalContext(),
    );
    await printRun(laboratory, run, options);
  });

  command('runs', 'list the saved runs, newest first').action(async (options: Common) => {
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

  command('show <run>', 'show a saved run as profile or bench printed it')
    .option('--select <event>', 'the event to show, if there are several (default: the first)')
    .action(async (id: string, options: Common & { select?: string }) => {
      const laboratory = await openRuns(options);
      await printRun(laboratory, await laboratory.store.load(id), options);
    });

  addExchangeCommands(plain, signal, built);

  program
    .command('doctor')
    .description('say what this machine can and cannot measure, and the remedy for each')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (options: Common) => {
      // A broken lab file is not the doctor's business.
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
