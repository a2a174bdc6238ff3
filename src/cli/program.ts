import { constants } from 'node:os';
import { Option, type Command } from 'commander';
import { version } from '../../package.json';
import { ExitStatus } from '../core/errorCodes.js';
import { runDoctor } from '../core/doctor/doctor.js';
import { eventNamed } from '../core/import/events.js';
import { type Laboratory } from '../core/laboratory.js';
import { defaultBenchRepeats } from '../core/laboratory/benchPreset.js';
import { toDocument } from '../views/toDocument.js';
import { differentArguments } from '../text/differentArguments.js';
import type { RecordTarget } from '../core/perf/target.js';
import { currentFolder } from '../core/files.js';
import { requireNotInput, writeOutput } from '../core/outputFile.js';
import { stateFolder } from '../core/store/stateFolder.js';
import { argumentsThatDiffer } from '../core/store/runArguments.js';
import { runNamed } from '../core/store/savedRuns.js';
import type { Profile } from '../model/profile.js';
import type { ProgramEnd, RunDocument } from '../model/run.js';
import { openLab, openLabOrFolder, openNearestLab, openRuns } from './common.js';
import { formatted, print, sharedContext, terminalContext, type Common } from './output.js';
import { clearProgress, writeResult } from './progress.js';
import {
  fullNames,
  list,
  processId,
  recordOptions,
  repeats,
  seconds,
  toRecordOptions,
  type RecordArguments,
} from './options.js';
import { baseProgram } from './baseProgram.js';
import { addAnnotateCommand } from './annotate.js';
import { testTarget } from '../core/programs/testTarget.js';
import { addExchangeCommands } from './exchange.js';
import { addExperimentCommands } from './experiments.js';
import { addGateCommand } from './gate.js';
import { addPackCommand } from './pack.js';
import { addReportCommand } from './report.js';
import { addRunsCommand } from './runs.js';
import { addSearchCommands } from './searches.js';
import { noTerminal, type Terminal } from './terminal.js';
import { doctorTable } from './doctorTable.js';
import { benchTable, profileTables, table } from './tables.js';
import { ofEvent } from '../views/sampleFilter.js';

interface ProfileCommand extends Common, RecordArguments {
  readonly runs?: number;
  readonly test?: string;
  readonly counter?: 'callgrind';
  readonly open?: boolean;
}

interface BenchCommand extends Common {
  readonly runs: number;
  readonly rivals: string[];
}

interface RecordCommand extends Common, RecordArguments {
  readonly pid?: number;
  readonly seconds?: number;
  readonly output?: string;
  readonly exitStatus?: boolean;
}

/**
 * The command line: a thin layer over the core. Results go to stdout, everything else to stderr.
 * @param built the folder with the built files of the panel
 */
export function createProgram(signal: AbortSignal, built: string): Command {
  const { program, plain, command } = baseProgram();

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

  command('bench', 'benchmark a preset, or any program after --, in interleaved repeats')
    .usage('[options] PRESET\n       hakmem-lab bench [options] -- PROGRAM [ARGUMENT…]')
    .argument('[preset]', 'preset of the lab file')
    .argument('[program...]', 'program and arguments, after --')
    .option('--runs <n>', 'repeats of each allocator', repeats, defaultBenchRepeats)
    .addOption(
      new Option('--rivals <names>', 'competitors: other allocators, separated by commas')
        .argParser(list)
        .default([], 'none'),
    )
    .action(async (_preset: string, _program: string[], options: BenchCommand, self: Command) => {
      const { args } = self;
      const dashes = process.argv.includes('--');
      const [first, ...rest] = args;
      if (first === undefined || (!dashes && rest.length > 0) || (dashes && options.rivals.length > 0))
        self.error('error: specify either a preset or a program after --', { exitCode: ExitStatus.MISUSE });
      const context = terminalContext(signal);
      const wanted = { repeats: options.runs };
      const run = dashes
        ? await (
            await openLabOrFolder(options)
          ).benchProgram({ program: first, args: rest, environment: {} }, wanted, context)
        : await (await openLab(options)).bench(first, { ...wanted, competitors: options.rivals }, context);
      print(options, benchDocument(run), () => benchTable(run.results));
    });

  recordOptions(
    command('profile', 'build and profile a preset or a test, and print where the time goes')
      .argument('[preset]', 'preset of the lab file')
      .option(
        '--test <filter>',
        'instead of a preset, the test of a CMake, Meson, or Cargo project whose name matches a regular expression',
      )
      .option('--runs <n>', 'repeats of the benchmark before sampling', repeats)
      .addOption(
        new Option('--open', 'have the next editor window that opens the lab show the run').hideHelp(),
      )
      .addOption(
        new Option('--counter <counter>', 'count every instruction with callgrind instead of sampling')
          .choices(['callgrind'])
          .conflicts(['runs', 'callGraph', 'event', 'scope', 'frequency', 'test']),
      ),
  ).action(async (preset: string | undefined, options: ProfileCommand, self: Command) => {
    const context = terminalContext(signal);
    if (options.test !== undefined && preset === undefined) {
      const laboratory = await openLabOrFolder(options);
      const target = await testTarget(laboratory.lab.folder, options.test, context);
      const recording = { ...toRecordOptions(options), inline: options.inline };
      const { run, profile } = await laboratory.record(target, recording, context);
      if (options.open) await laboratory.store.requestOpening(run.id);
      await printRun(laboratory, run, options, profile);
      return;
    }
    if (preset === undefined || options.test !== undefined)
      self.error('error: specify either a preset or a test with --test', { exitCode: ExitStatus.MISUSE });
    const laboratory = await openLab(options);
    const { run, profile } = options.counter
      ? await laboratory.count(preset, { inline: options.inline }, context)
      : await laboratory.profile(
          preset,
          { repeats: options.runs, inline: options.inline, record: toRecordOptions(options) },
          context,
        );
    if (options.open) await laboratory.store.requestOpening(run.id);
    await printRun(laboratory, run, options, profile);
  });

  recordOptions(
    command('record', 'record any program, or a running process with --pid')
      .usage('[options] -- PROGRAM [ARGUMENT…]\n       hakmem-lab record [options] --pid PID [--seconds S]')
      .argument('[program...]', 'program and arguments, after --')
      .option('--pid <pid>', 'attach to a process, which is left running', processId)
      .option('--seconds <s>', 'stop after this time (or earlier with Ctrl-C)', seconds)
      .option(
        '-o, --output <file>',
        "write the report to a file instead of stdout, or of stderr if the program's stdout isn't a terminal",
      )
      .option('--exit-status', "exit with the program's status, or with 128 + N if signal N ended it"),
  ).action(async (program: string[], options: RecordCommand, self: Command) => {
    const [file, ...args] = program;
    const { pid } = options;
    if ((file === undefined) === (pid === undefined))
      self.error('error: specify either a program after -- or a process with --pid', {
        exitCode: ExitStatus.MISUSE,
      });
    const { json, output } = options;
    // The program itself, and what it reads.
    if (output !== undefined) for (const word of program) await requireNotInput(output, word);
    const laboratory = await openLabOrFolder(options);
    // A JSON document on stdout is alone there.
    const stdout = json && output === undefined ? 'stderr' : 'stdout';
    const target: RecordTarget =
      pid === undefined
        ? { kind: 'program', program: file ?? '', args, terminal: { stdout } }
        : { kind: 'process', pid };
    // Ctrl-C stops the recording and keeps it; a second one exits at once (src/cli.ts).
    const limits = { stop: signal, seconds: options.seconds, inline: options.inline };
    const { run, profile } = await laboratory.record(
      target,
      { ...toRecordOptions(options), ...limits },
      pid === undefined ? sharedContext() : terminalContext(),
    );
    const shown = output === undefined ? options : { ...options, terminal: noTerminal };
    const report = await runReport(laboratory, run, shown, profile);
    if (output !== undefined) await writeOutput(output, report, undefined);
    else if (pid !== undefined || json || process.stdout.isTTY) writeResult(report);
    else {
      clearProgress();
      process.stderr.write(report);
    }
    if (options.exitStatus && run.ended) process.exitCode = statusOf(run.ended);
  });

  addRunsCommand(command);

  command('show <run>', 'print a saved run, or the "latest", like `profile` or `bench`')
    .option('--select <event>', 'event to show (default: the first)')
    .addOption(fullNames())
    .action(async (id: string, options: Common & { select?: string; fullNames?: boolean }) => {
      const laboratory = await openRuns(options);
      await printRun(laboratory, await runNamed(laboratory.store, id, 'any'), options);
    });

  addExperimentCommands(command, signal);
  addGateCommand(command, signal);
  addSearchCommands(command, signal);
  addReportCommand(plain, signal);
  addExchangeCommands(plain, signal, built);
  addAnnotateCommand(command, signal);
  addPackCommand(command, signal);

  plain('mcp', 'answer agents over the Model Context Protocol on standard input and output')
    .option('--allow-run', 'also let agents build and start programs')
    .action(async (options: Common & { readonly allowRun?: boolean }) => {
      const laboratory = await openLabOrFolder(options);
      // Loaded only here: the protocol's library is as large as the rest of the command line.
      const { serveAgents } = await import('./mcp.js');
      const wanted = { version, allowRun: options.allowRun ?? false };
      await serveAgents(laboratory, wanted, terminalContext(signal));
    });

  program
    .command('doctor')
    .description("show what this machine can measure, and how to fix what it can't")
    .option('--json', 'print one JSON document and nothing else')
    .action(async (options: Common) => {
      // An invalid lab file doesn't matter here.
      const laboratory = await openNearestLab(options).catch(() => undefined);
      const report = await runDoctor({
        signal,
        folder: laboratory?.lab.folder ?? currentFolder() ?? stateFolder(),
      });
      print(options, report, () => doctorTable(report));
    });

  return program;
}

/** The shell's status of a program that ended. */
function statusOf({ exitStatus, signal }: ProgramEnd): number {
  return exitStatus ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
}

async function printRun(...args: Parameters<typeof runReport>): Promise<void> {
  writeResult(await runReport(...args));
}

async function runReport(
  laboratory: Laboratory,
  run: RunDocument,
  options: Common & { readonly select?: string; readonly fullNames?: boolean; readonly terminal?: Terminal },
  measured?: Profile,
): Promise<string> {
  if (run.kind === 'bench') return formatted(options, benchDocument(run), () => benchTable(run.results));
  const profile = measured ?? (await laboratory.store.loadProfile(run.id));
  const event = options.select === undefined ? 0 : eventNamed(profile, options.select);
  const document = toDocument(ofEvent(profile, event), laboratory.classifier, run.stat);
  const different = argumentsThatDiffer(run);
  const { results, environment } = run;
  const found = {
    run: run.id,
    ...document,
    results,
    environment,
    ...(run.ended ? { ended: run.ended } : {}),
    ...(different ? { arguments: different } : {}),
  };
  return formatted(options, found, () =>
    [
      `Run ${run.id}`,
      ...(run.results.length > 0 ? [benchTable(run.results)] : []),
      ...(different ? [differentArguments(different)] : []),
      profileTables(document, {
        top: 20,
        fullNames: options.fullNames,
        ...(options.terminal ? { terminal: options.terminal } : {}),
      }),
    ].join('\n\n'),
  );
}

function benchDocument(run: RunDocument): object {
  return { run: run.id, preset: run.preset.name, results: run.results, environment: run.environment };
}
