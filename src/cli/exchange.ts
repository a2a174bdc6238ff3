import { Option, type Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { builtinCategories } from '../core/categories/categories.js';
import { Classifier } from '../core/categories/classifier.js';
import type { TaskContext } from '../core/context.js';
import { ExitStatus } from '../core/errorCodes.js';
import { exportFormats, exportProfile, type ExportFormat } from '../core/export/exportProfile.js';
import type { Outermost } from '../core/export/folded.js';
import { runTitle } from '../core/export/runTitle.js';
import { importFormats, type ImportFormat } from '../core/import/detect.js';
import { eventNamed } from '../core/import/events.js';
import { importProfile } from '../core/import/importProfile.js';
import type { Laboratory } from '../core/laboratory.js';
import { errorText, LabError, messageOf } from '../core/labError.js';
import { comparedRun } from '../core/page/comparedRun.js';
import { toPanelProfile } from '../core/page/panelProfile.js';
import { runPage } from '../core/page/runPage.js';
import type { Profile } from '../model/profile.js';
import { toDocument } from '../views/toDocument.js';
import type { RunDocument } from '../model/run.js';
import {
  openLabOrFolder,
  openNearestLab,
  openRuns,
  print,
  terminalContext,
  type Common,
  type MakeCommand,
} from './common.js';
import { profileTables } from './tables.js';
import { escapedLines } from '../text/printable.js';
import { ofEvent } from '../views/sampleFilter.js';

interface ImportCommand extends Common {
  readonly format?: ImportFormat;
  readonly select?: string;
  readonly inline: boolean;
  readonly save?: boolean;
}

interface ExportCommand extends Common {
  readonly select?: string;
  readonly format: ExportFormat | 'html';
  readonly compare?: string;
  readonly output?: string;
  readonly process: boolean;
  readonly threads?: boolean;
}

/** `import` and `export`: profiles from and for other tools. */
export function addExchangeCommands(command: MakeCommand, signal: AbortSignal, built: string): void {
  command(
    'import <file>',
    "import another tool's profile and print it like `profile`; - reads standard input",
  )
    .option('--json', 'print one JSON document and nothing else')
    .addOption(
      new Option('--format <format>', 'format of the file (default: detected)').choices(importFormats),
    )
    .option('--select <event>', 'event to show (default: the first)')
    .option('--no-inline', 'attribute inlined functions to their callers (perf.data only)')
    .option('--save', 'also save it as a run, to export and compare it')
    .action(async (file: string, options: ImportCommand) => {
      const context = terminalContext(signal);
      const profile = options.save
        ? await importAndSave(file, options, context)
        : await importProfile(file, options, context);
      const event = options.select === undefined ? 0 : eventNamed(profile, options.select);
      const document = toDocument(ofEvent(profile, event), await nearestClassifier(options), null);
      print(options, document, () => profileTables(document, 20));
    });

  command('export <run>', 'export the profile of a saved run, or of the "latest"')
    .addOption(
      new Option('--format <format>', 'format to write')
        .choices([...exportFormats, 'html'])
        .makeOptionMandatory(true),
    )
    .option(
      '--select <event>',
      'event to show first, or the only one in formats for one event (default: the first)',
    )
    .option('--compare <run>', 'run to compare with (html only)')
    .option('--threads', 'begin stacks with the thread, as NAME-PID/TID (folded only)')
    .option('--no-process', 'begin stacks with functions rather than the process name (folded only)')
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .action(async (id: string, options: ExportCommand, self: Command) => {
      const { format, output, compare } = options;
      if (compare !== undefined && format !== 'html')
        self.error('error: --compare requires --format html', { exitCode: ExitStatus.MISUSE });
      if (format === 'pprof' && output === undefined && process.stdout.isTTY) {
        throw new LabError('terminal-output', "pprof is a binary format, which a terminal can't show.", {
          remedy: { text: 'Specify a file with -o, or redirect the output.' },
        });
      }
      const laboratory = await openRuns(options);
      const run = await findRun(laboratory, id);
      const all = await laboratory.store.loadProfile(run.id);
      const profile = ofEvent(all, options.select === undefined ? 0 : eventNamed(all, options.select));
      const { classifier } = laboratory;
      const about = { title: runTitle(run), program: run.preset.program, stat: run.stat };
      const data =
        format === 'html'
          ? await page({ laboratory, run, all, event: profile.event.name, compare }, built)
          : exportProfile({ profile, all, classifier, outermost: outermostOf(options), ...about }, format);
      if (output === undefined) process.stdout.write(data);
      else await write(output, data);
    });
}

/** As stackcollapse-perf.pl, so that files compare with those that people have. */
function outermostOf({ process, threads }: ExportCommand): Outermost | undefined {
  if (threads) return 'thread';
  return process ? 'process' : undefined;
}

async function importAndSave(file: string, options: ImportCommand, context: TaskContext): Promise<Profile> {
  const { run, profile } = await (await openLabOrFolder(options)).import(file, options, context);
  context.log(`Saved as run ${run.id}`);
  return profile;
}

interface Page {
  readonly laboratory: Laboratory;
  readonly run: RunDocument;
  readonly all: Profile;
  /** Name of the event to show first. */
  readonly event: string;
  /** Id of a run. */
  readonly compare: string | undefined;
}

/** The panel as one HTML file, as exported by the editor. */
async function page({ laboratory, run, all, event, compare }: Page, built: string): Promise<string> {
  const { classifier, lab, store } = laboratory;
  const profile = toPanelProfile(run, all, classifier, lab.definition.whatIf);
  const other = { run, classifier };
  const compared = compare === undefined ? [] : [await comparedRun('other', store, compare, other)];
  return runPage({ title: runTitle(run), profile, compared, event }, built);
}

/** The categories of the nearest lab, or else the built-in ones: an invalid lab file doesn't prevent an import. */
async function nearestClassifier(options: Common): Promise<Classifier> {
  try {
    const laboratory = await openNearestLab(options);
    if (laboratory) return laboratory.classifier;
  } catch (error) {
    if (options.lab !== undefined) throw error;
    process.stderr.write(`${escapedLines(errorText(error))}\nThe categories of the lab file aren't used.\n`);
  }
  return new Classifier(builtinCategories);
}

async function findRun({ store }: Laboratory, id: string): Promise<RunDocument> {
  if (id !== 'latest') return store.load(id);
  const run = await store.latest((r) => r.kind === 'profile');
  if (run) return run;
  throw new LabError('run-unknown', 'There is no saved run with a profile.', {
    remedy: { text: 'Profile a preset first.' },
  });
}

async function write(file: string, data: string | Buffer): Promise<void> {
  try {
    await writeFileAtomic(file, data);
  } catch (cause) {
    throw new LabError('write-failed', `Couldn't write ${file}.`, {
      detail: messageOf(cause),
      remedy: { text: 'Check that the folder exists and is writable, then try again.' },
      cause,
    });
  }
}
