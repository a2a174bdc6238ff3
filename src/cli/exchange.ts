import path from 'node:path';
import { Option, type Command } from 'commander';
import { ExitStatus } from '../core/errorCodes.js';
import { exportFormats, exportProfile } from '../core/export/exportProfile.js';
import type { Outermost } from '../core/export/folded.js';
import { runTitle } from '../core/export/runTitle.js';
import { currentFolder } from '../core/files.js';
import { importFormats, type ImportFormat } from '../core/import/detect.js';
import { eventNamed } from '../core/import/events.js';
import { folderLab } from '../core/lab/folderLab.js';
import { Laboratory } from '../core/laboratory.js';
import { errorText, LabError } from '../core/labError.js';
import { requireNotInput, writeOutput } from '../core/outputFile.js';
import { comparedRun } from '../core/page/comparedRun.js';
import { toPanelProfile } from '../core/page/panelProfile.js';
import { runPage } from '../core/page/runPage.js';
import type { Profile } from '../model/profile.js';
import { runNamed } from '../core/store/savedRuns.js';
import { stateFolder } from '../core/store/stateFolder.js';
import type { RunDocument } from '../model/run.js';
import { openLabOrFolder, openNearestLab, openRuns } from './common.js';
import { terminalContext, type Common, type MakeCommand } from './output.js';
import { writeResult } from './progress.js';
import { addImportCommand } from './importCommand.js';
import { memoryLimit } from './options.js';
import { runName } from '../text/runLabel.js';
import { escapedLines } from '../text/printable.js';
import { ofEvent } from '../views/sampleFilter.js';

const writtenFormats = [...exportFormats, 'html'] as const;
type WrittenFormat = (typeof writtenFormats)[number];

interface ExportCommand extends Common {
  readonly select?: string;
  readonly format?: WrittenFormat;
  readonly compare?: string;
  readonly output?: string;
  readonly process: boolean;
  readonly threads?: boolean;
}

interface ConvertCommand extends Common {
  readonly format?: WrittenFormat;
  readonly from?: ImportFormat;
  readonly inline: boolean;
  readonly memoryLimit: number;
  readonly select?: string;
  readonly process: boolean;
  readonly threads?: boolean;
}

/** `import`, `convert`, and `export`: profiles from and for other tools. */
export function addExchangeCommands(command: MakeCommand, signal: AbortSignal, built: string): void {
  addImportCommand(command, signal, {
    classifier: async (options) => (await nearestLaboratory(options)).classifier,
    read: async (file, options, context) =>
      (await (await nearestLaboratory(options)).read(file, options, context)).profile,
    save: async (file, options, context) =>
      (await (await openLabOrFolder(options)).import(file, options, context)).profile,
  });

  command(
    'convert <in> <out>',
    "convert another tool's profile; - reads standard input and writes standard output",
  )
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name of the output)').choices(
        writtenFormats,
      ),
    )
    .addOption(
      new Option('--from <format>', 'format of the input (default: detected)').choices(importFormats),
    )
    .option(
      '--select <event>',
      'event to show first, or the only one in formats for one event (default: the first)',
    )
    .option('--no-inline', 'attribute inlined functions to their callers (perf.data only)')
    .option('--threads', 'begin stacks with the thread, as NAME-PID/TID (folded only)')
    .option('--no-process', 'begin stacks with functions rather than the process name (folded only)')
    .addOption(memoryLimit())
    .action(async (file: string, output: string, options: ConvertCommand, self: Command) => {
      const format = options.format ?? formatOf(output);
      if (!format)
        self.error('error: the name of the output has no known ending; specify --format', {
          exitCode: ExitStatus.MISUSE,
        });
      if (output === '-') refuseTerminal(format);
      await requireNotInput(output, file);
      const laboratory = await nearestLaboratory(options);
      const { from, inline, memoryLimit: most } = options;
      const asked = { format: from, inline, memoryLimit: most };
      const { run, profile } = await laboratory.read(file, asked, terminalContext(signal));
      const title = file === '-' ? 'profile' : path.basename(file);
      const source = { laboratory, run, all: profile, title, program: title };
      const data = await written(source, { ...options, format }, built);
      if (output === '-') writeResult(data);
      else await writeOutput(output, data, signal);
    });

  command('export <run>', 'export the profile of a saved run, or of the "latest"')
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name of the output)').choices(
        writtenFormats,
      ),
    )
    .option(
      '--select <event>',
      'event to show first, or the only one in formats for one event (default: the first)',
    )
    .option('--compare <run>', 'run to compare with, or the "latest" (html only)')
    .option('--threads', 'begin stacks with the thread, as NAME-PID/TID (folded only)')
    .option('--no-process', 'begin stacks with functions rather than the process name (folded only)')
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .action(async (id: string, options: ExportCommand, self: Command) => {
      const { output, compare } = options;
      const format = options.format ?? (output === undefined ? undefined : formatOf(output));
      if (!format)
        self.error(
          output === undefined
            ? 'error: specify --format, or --output with an ending that tells it'
            : 'error: the name of the output has no known ending; specify --format',
          { exitCode: ExitStatus.MISUSE },
        );
      if (compare !== undefined && format !== 'html')
        self.error('error: --compare requires --format html', { exitCode: ExitStatus.MISUSE });
      if (output === undefined) refuseTerminal(format);
      const laboratory = await openRuns(options);
      const run = await runNamed(laboratory.store, id, 'profile');
      const all = await laboratory.store.loadProfile(run.id);
      const { title: named } = await laboratory.store.description(run.id);
      const about = { title: runTitle(run), named, program: run.preset.program };
      const data = await written({ laboratory, run, all, ...about }, { ...options, format }, built);
      if (output === undefined) writeResult(data);
      else await writeOutput(output, data, signal);
    });
}

/** @throws LabError `terminal-output` */
function refuseTerminal(format: string): void {
  if (format !== 'pprof' || !process.stdout.isTTY) return;
  throw new LabError('terminal-output', "pprof is a binary format, which a terminal can't show.", {
    remedy: { text: 'Specify a file, or redirect the output.' },
  });
}

/** The format that a file is called like. */
function formatOf(file: string): WrittenFormat | undefined {
  const endings: readonly (readonly [RegExp, WrittenFormat])[] = [
    [/\.(folded|collapsed)$/i, 'folded'],
    [/\.json$/i, 'speedscope'],
    [/\.(pb|pb\.gz|pprof)$/i, 'pprof'],
    [/\.svg$/i, 'svg'],
    [/\.(md|markdown)$/i, 'markdown'],
    [/\.html?$/i, 'html'],
  ];
  return endings.find(([pattern]) => pattern.test(file))?.[1];
}

/** As stackcollapse-perf.pl, so that files compare with those that people have. */
function outermostOf({
  process,
  threads,
}: Pick<ExportCommand, 'process' | 'threads'>): Outermost | undefined {
  if (threads) return 'thread';
  return process ? 'process' : undefined;
}

interface Written {
  readonly laboratory: Laboratory;
  readonly run: RunDocument;
  readonly all: Profile;
  readonly title: string;
  /** What the user calls a saved run. */
  readonly named?: string | undefined;
  readonly program: string;
}

/** A profile in a format of other tools, or as the page that the editor exports. */
async function written(
  { laboratory, run, all, title, named, program }: Written,
  options: Pick<ExportCommand, 'select' | 'compare' | 'process' | 'threads'> & {
    readonly format: WrittenFormat;
  },
  built: string,
): Promise<string | Buffer> {
  const { format, select, compare } = options;
  const { classifier, lab } = laboratory;
  const shown = ofEvent(all, select === undefined ? 0 : eventNamed(all, select));
  if (format !== 'html') {
    const about = { title, program, stat: run.stat, outermost: outermostOf(options) };
    return exportProfile({ profile: shown, all, classifier, ...about }, format);
  }
  const profile = toPanelProfile(run, all, classifier, {
    scenarios: lab.definition.whatIf,
    name: runName(run, named, lab.definition.presets),
  });
  const other = { run, classifier };
  const compared = compare === undefined ? [] : [await comparedRun('other', laboratory, compare, other)];
  return runPage({ title, profile, compared, event: shown.event.name }, built);
}

/** The nearest lab, or else one with the built-in categories: an invalid lab file doesn't prevent an import. */
async function nearestLaboratory(options: Common): Promise<Laboratory> {
  try {
    const nearest = await openNearestLab(options);
    if (nearest) return nearest;
  } catch (error) {
    if (options.lab !== undefined) throw error;
    process.stderr.write(`${escapedLines(errorText(error))}\nThe categories of the lab file aren't used.\n`);
  }
  return new Laboratory(folderLab(currentFolder() ?? stateFolder()));
}
