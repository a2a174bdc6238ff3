import { InvalidArgumentError, Option, type Command } from 'commander';
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
}

export function recordOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--call-graph <kind>', 'how call stacks are found').choices(callGraphs).default('fp'),
    )
    .option(
      '--event <names>',
      `events to sample, separated by commas: ${recordableEvents.join(', ')} (default: cycles, or cpu-clock if unavailable)`,
      events,
      [],
    )
    .addOption(new Option('--scope <scope>', 'which code to sample').choices(scopes).default('user'))
    .option('--frequency <hz>', 'samples per second of each event', frequency)
    .option('--no-inline', 'attribute inlined functions to their callers');
}

export function toRecordOptions(options: RecordArguments): RecordOptions {
  const { callGraph, event, scope, frequency } = options;
  return { callGraph, events: event, scope, frequency };
}

export function repeats(text: string): number {
  return whole(text, 10_000);
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
