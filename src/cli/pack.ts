import { packEnding } from '../core/pack/packFormat.js';
import { writeOutput } from '../core/outputFile.js';
import { escaped } from '../text/printable.js';
import { shellWord } from '../text/shellWord.js';
import { bytes, plural } from '../text/numbers.js';
import { openRunOrFile } from './common.js';
import { noteText, table } from './tables.js';
import { terminalOf, wrapped, type Terminal } from './terminal.js';
import { print, terminalContext, type Common, type MakeCommand } from './output.js';

interface PackCommand extends Common {
  readonly output?: string;
  readonly sources: boolean;
  readonly programs: boolean;
}

/** `pack`: a run in one file, for another machine. */
export function addPackCommand(command: MakeCommand, signal: AbortSignal): void {
  command(
    'pack [run-or-file]',
    'write a saved run (the latest by default) or a profile, with its sources and programs, into one file for another machine',
  )
    .option('-o, --output <file>', `file to write (default: the run's ID with ${packEnding})`)
    .option('--no-sources', 'without the text of source files')
    .option('--no-programs', "without programs and libraries, so that machine code can't be shown")
    .action(async (id: string | undefined, options: PackCommand) => {
      const { laboratory, run, profile } = await openRunOrFile(options, id, terminalContext(signal));
      const { data, sources, programs, missing } = await laboratory.pack(
        { run, profile },
        options,
        terminalContext(signal),
      );
      const file = options.output ?? `${run.id}${packEnding}`;
      await writeOutput(file, data, signal);
      print(options, { file, bytes: data.length, sources, programs, missing }, () => {
        const terminal = terminalOf(process.stdout);
        const content = `${plural(sources, 'source')} and ${plural(programs.length, 'file')} of programs`;
        return [
          wrapped(escaped(`${file}: ${bytes(data.length)}, with ${content}`), terminal),
          ...(programs.length > 0 ? [fileTable(programs, terminal)] : []),
          ...(missing.length > 0 ? [missing.map((text) => noteText(text, terminal)).join('\n')] : []),
          // Whole however long it is, to be copied.
          `Open it with a double click in VS Code, or:\n  hakmem-lab import ${escaped(shellWord(file))}`,
        ].join('\n\n');
      });
    });
}

function fileTable(
  files: readonly { readonly file: string; readonly bytes: number }[],
  terminal: Terminal,
): string {
  const rows = files.map((one) => [one.file, bytes(one.bytes)]);
  return table(['File', 'Size'], ['left', 'right'], rows, terminal);
}
