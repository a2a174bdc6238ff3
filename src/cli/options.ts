import { InvalidArgumentError, Option, type Command } from 'commander';
import { defaultMemoryLimit } from '../core/memoryLimit.js';
import { count } from '../text/numbers.js';
import {
  callGraphs,
  recordableEvents,
  scopes,
  type CallGraph,
  type RecordableEvent,
  type RecordOptions,
  type Scope,
} from '../core/perf/options.js';

/** The options that `profile` and `record` share. */
export interface RecordArguments {
  readonly callGraph: CallGraph;
  readonly event: readonly RecordableEvent[];
  readonly scope: Scope;
  readonly frequency?: number;
  readonly inline: boolean;
  readonly fullNames?: boolean;
}

export function recordOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--call-graph <kind>', 'how call stacks are found').choices(callGraphs).default('fp'),
    )
    .addOption(
      new Option('--event <names>', `events to sample, separated by commas: ${recordableEvents.join(', ')}`)
        .argParser(events)
        .default([], 'cycles, or cpu-clock if unavailable'),
    )
    .addOption(new Option('--scope <scope>', 'which code to sample').choices(scopes).default('user'))
    .option('--frequency <hz>', 'samples per second of each event', frequency)
    .option('--no-inline', 'attribute inlined functions to their callers')
    .addOption(fullNames());
}

/** An option is bound to its command, so that each command needs its own. */
export function fullNames(): Option {
  return new Option('--full-names', 'print names with template arguments and parameters');
}

export function toRecordOptions(options: RecordArguments): RecordOptions {
  const { callGraph, event, scope, frequency } = options;
  return { callGraph, events: event, scope, frequency };
}

export function repeats(text: string): number {
  return whole(text, 10_000);
}

export function wholeNumber(text: string): number {
  return whole(text, 2 ** 31 - 1);
}

export function processId(text: string): number {
  return whole(text, 2 ** 22);
}

export function seconds(text: string): number {
  const value = Number(text);
  // Timers in Node are limited to 32-bit milliseconds.
  if (!(value > 0 && value <= 2_000_000))
    throw new InvalidArgumentError('It must be a positive number of seconds.');
  return value;
}

const units = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 } as const;

/** An amount of memory, as `512M` or `8G`. */
function memory(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(text) ?? [];
  const value = Number(number) * units[unit.toUpperCase() as keyof typeof units];
  if (number === '' || !(value > 0)) throw new InvalidArgumentError('It must be a size like 512M or 8G.');
  return value;
}

/** An option is bound to its command, so that each command needs its own. */
export function memoryLimit(): Option {
  return new Option('--memory-limit <size>', 'how much memory reading may take')
    .argParser(memory)
    .default(defaultMemoryLimit, '2G');
}

export function list(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}

function frequency(text: string): number {
  return whole(text, 1_000_000);
}

function events(text: string): RecordableEvent[] {
  return list(text).map((name) => {
    const known = recordableEvents.find((event) => event === name);
    if (!known) throw new InvalidArgumentError(`${name} isn't one of ${recordableEvents.join(', ')}.`);
    return known;
  });
}

function whole(text: string, limit: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > limit)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${count(limit)}.`);
  return value;
}
