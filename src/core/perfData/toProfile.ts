import path from 'node:path';
import { ProfileBuilder } from '../../model/builder.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { plural } from '../../text/numbers.js';
import { stripCloneSuffix } from '../symbols/cloneSuffix.js';
import type { Symbolized } from '../symbols/symbolizer.js';
import type { SymbolFrame } from '../symbols/symbolTool.js';
import { unnamedFunction } from '../../model/unnamed.js';
import type { Location } from '../symbols/location.js';
import type { PerfRecording } from './reader.js';

interface ToProfileOptions {
  /** Known facts about events, matched by name. */
  readonly events?: readonly ProfileEvent[] | undefined;
  /**
   * Whether inlined functions have frames of their own. Otherwise functions are the program's symbols, as in perf report,
   * and include the cost of what was inlined into them.
   */
  readonly inline: boolean;
}

/** Joins a recording with its symbols. Expands each location to frames once. */
export function toProfile(
  recording: PerfRecording,
  symbols: Pick<Symbolized, 'frames' | 'notes' | 'addresses'>,
  options: ToProfileOptions,
): Profile {
  const builder = new ProfileBuilder();
  // Per location: frame indices from the outermost (the real function) to the innermost inlined one.
  const expanded = recording.locations.map((location, i) => {
    const frames = symbols.frames[i] ?? [];
    return expand(builder, location, options.inline ? frames.map(toSource) : collapse(frames));
  });
  // Per call chain: its innermost frame's stack. A caller's chain has a smaller index.
  const { parent, location, length } = recording.stacks;
  const stackOf = new Int32Array(length);
  for (let s = 0; s < length; s++) {
    const caller = parent[s] as number;
    let stack = caller < 0 ? -1 : (stackOf[caller] as number);
    const frames = expanded[location[s] as number] as number[];
    for (let f = 0; f < frames.length; f++) stack = builder.stack(stack, frames[f] as number);
    stackOf[s] = stack;
  }
  for (const { pid, tid, name } of recording.threads) builder.thread(pid, tid, new Map([[tid, name]]));
  const { samples } = recording;
  const addressOf = locationAddresses(builder, recording, symbols, expanded);
  builder.adopt({
    ...samples,
    stack: samples.stack.map((s) => (s < 0 ? -1 : (stackOf[s] as number))),
    ...(addressOf
      ? { address: samples.stack.map((s) => (s < 0 ? -1 : addressOf(location[s] as number))) }
      : {}),
  });
  const notes = [...recording.notes, ...symbols.notes];
  if (recording.lost > 0) notes.push(`${plural(recording.lost, 'sample')} lost while recording.`);
  const [first, ...others] = recording.events.map(
    (name) => options.events?.find((e) => e.name === name) ?? { name },
  );
  return builder.finish([first ?? { name: 'unknown event' }, ...others], notes);
}

/**
 * Numbers the instructions that samples were taken at; those of callers aren't kept.
 * @returns the number of a location's instruction; undefined if none of them is in a file
 */
function locationAddresses(
  builder: ProfileBuilder,
  { locations }: PerfRecording,
  { addresses = [] }: Pick<Symbolized, 'addresses'>,
  expanded: readonly (readonly number[])[],
): ((location: number) => number) | undefined {
  if (addresses.every((address) => address === undefined)) return undefined;
  const none = -1;
  const unknown = -2;
  // By location, numbered when its first sample comes: a map of them took longer than all the rest of the model.
  const numbers = new Int32Array(locations.length).fill(unknown);
  const numberOf = (index: number) => {
    const address = addresses[index];
    if (address === undefined) return none;
    const { module = '', buildId = '' } = locations[index] as Location;
    const frames = expanded[index] as readonly number[];
    const stack = frames.reduce((parent, frame) => builder.stack(parent, frame), -1);
    return builder.address(module, buildId, address, stack);
  };
  return (index) => {
    if (numbers[index] === unknown) numbers[index] = numberOf(index);
    return numbers[index] as number;
  };
}

/** With inlining, frames are functions of the source: clones that the compiler made of one function are merged. */
function toSource(frame: SymbolFrame): SymbolFrame {
  return frame.file === undefined ? frame : { ...frame, name: stripCloneSuffix(frame.name) };
}

/** Innermost first, as symbolizers report them: the last one is the function that was really called. */
function collapse(frames: readonly SymbolFrame[]): SymbolFrame[] {
  const outer = frames.at(-1);
  return outer ? [outer] : [];
}

function expand(builder: ProfileBuilder, location: Location, frames: readonly SymbolFrame[]): number[] {
  const module = location.module ?? '';
  if (frames.length === 0) {
    const func = builder.func({ name: unnamedFunction(location.module), module, file: '', line: 0 });
    return [builder.frame(func, '', 0, false)];
  }
  return frames
    .map((frame, i) => {
      const func = builder.func({
        name: frame.name,
        module,
        file: normalize(frame.declarationFile),
        line: frame.declarationLine,
      });
      return builder.frame(func, normalize(frame.file), frame.line, i < frames.length - 1);
    })
    .reverse();
}

/** Debug information joins folder and name as they were passed to the compiler: `/x/src/../include/a.h`. */
function normalize(file: string | undefined): string {
  return file === undefined ? '' : path.normalize(file);
}
