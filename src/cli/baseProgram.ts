import { Command } from 'commander';
import { version } from '../../package.json';
import { LAB_FILE_NAME } from '../core/lab/findLabFile.js';
import type { MakeCommand } from './output.js';

/** The program without commands, and what makes them: `command` is one that prints JSON on request. */
export function baseProgram(): { program: Command; plain: MakeCommand; command: MakeCommand } {
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
  return { program, plain, command };
}
