import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { useSourceMap } from '../core/lab/findSource.js';
import { useSymbolPlaces } from '../core/symbols/symbolFolders.js';

/** Where programs and sources of other machines and builds are. */
export interface Places {
  readonly symbols: readonly string[];
  readonly sourceMap: Readonly<Record<string, string>>;
  readonly debuginfod?: boolean;
}

export function placeOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--symbols <folder>',
        'also look there for programs and debug information: the root of another machine, or a folder like /usr/lib/debug (repeatable)',
      )
        .argParser((folder: string, all: readonly string[]) => [...all, existing(folder)])
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--source-map <from=to>',
        'sources that were built in one folder are in another (repeatable)',
      )
        .argParser(mapping)
        .default({}, 'none'),
    )
    .option(
      '--debuginfod',
      'ask the servers of DEBUGINFOD_URLS for debug information, each for DEBUGINFOD_TIMEOUT seconds (20)',
    );
}

export function usePlaces({ symbols, sourceMap, debuginfod }: Places): void {
  const servers = (process.env['DEBUGINFOD_URLS'] ?? '').split(/\s+/).filter((url) => url !== '');
  useSymbolPlaces({ folders: symbols, servers: debuginfod ? servers : [] });
  useSourceMap(sourceMap);
}

function existing(folder: string): string {
  if (!existsSync(folder)) throw new InvalidArgumentError('There is no such folder.');
  return path.resolve(folder);
}

function mapping(text: string, all: Places['sourceMap']): Places['sourceMap'] {
  const at = text.indexOf('=');
  if (at < 0) throw new InvalidArgumentError('It must be two folders, as /build/x=/home/me/x.');
  return { ...all, [text.slice(0, at)]: path.resolve(text.slice(at + 1)) };
}
