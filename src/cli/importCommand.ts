import { Option } from 'commander';
import type { Classifier } from '../core/categories/classifier.js';
import type { TaskContext } from '../core/context.js';
import { importFormats, type ImportFormat } from '../core/import/detect.js';
import { eventNamed } from '../core/import/events.js';
import type { Profile } from '../model/profile.js';
import { ofEvent } from '../views/sampleFilter.js';
import { toDocument } from '../views/toDocument.js';
import { fullNames, memoryLimit } from './options.js';
import { placeOptions, usePlaces, type Places } from './places.js';
import { print, terminalContext, type Common, type MakeCommand } from './output.js';
import { profileTables } from './tables.js';

export interface ImportCommand extends Common, Places {
  readonly format?: ImportFormat;
  readonly select?: string;
  readonly inline: boolean;
  readonly fullNames?: boolean;
  readonly memoryLimit: number;
  readonly save?: boolean;
}

/** What an import needs of a lab. */
interface ImportLab {
  classifier(options: ImportCommand): Promise<Classifier>;
  read(file: string, options: ImportCommand, context: TaskContext): Promise<Profile>;
  save(file: string, options: ImportCommand, context: TaskContext): Promise<Profile>;
}

/** Apart from other commands, so that it starts without loading them. */
export function addImportCommand(command: MakeCommand, signal: AbortSignal, lab: ImportLab): void {
  placeOptions(
    command(
      'import <file>',
      "import another tool's profile and print it like `profile`; - reads standard input",
    ),
  )
    .option('--json', 'print one JSON document and nothing else')
    .addOption(
      new Option('--format <format>', 'format of the file (default: detected)').choices(importFormats),
    )
    .option('--select <event>', 'event to show (default: the first)')
    .option('--no-inline', 'attribute inlined functions to their callers (perf.data only)')
    .addOption(fullNames())
    .addOption(memoryLimit())
    .option('--save', 'also save it as a run, to export and compare it')
    .action(async (file: string, options: ImportCommand) => {
      usePlaces(options);
      const context = terminalContext(signal);
      const profile = options.save
        ? await lab.save(file, options, context)
        : await lab.read(file, options, context);
      const event = options.select === undefined ? 0 : eventNamed(profile, options.select);
      const document = toDocument(ofEvent(profile, event), await lab.classifier(options), null);
      print(options, document, () => profileTables(document, { top: 20, fullNames: options.fullNames }));
    });
}
