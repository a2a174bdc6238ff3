import { LabError } from '../labError.js';
import { ProfileBuilder } from '../../model/builder.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { count } from '../../text/numbers.js';
import { unnamedFunction } from '../symbols/unnamed.js';
import { CallgrindParser, type CallgrindFunction, costsOf } from './callgrindParser.js';
import { unique, type Importer } from './importer.js';

/** Limits of the tree that calls are unfolded to; what lies beyond counts without callers. */
const MAX_NODES = 50_000;
const MAX_SAMPLES = 1_000_000;
const MAX_DEPTH = 200;
const MAX_STEPS = 20_000_000;
/** Branches below this share of the total aren't unfolded. */
const MIN_SHARE = 1e-5;

interface Node {
  readonly func: CallgrindFunction;
  readonly stack: number;
  readonly depth: number;
  /** The part of the function's cost that belongs to this path. */
  readonly part: number;
  readonly parent: Node | undefined;
}

/** Explains the accuracy of callers in profiles from callgrind. */
export const CALL_COUNTS_NOTE =
  'Costs of functions and lines are exact. callgrind records no call stacks, so costs are divided among callers in proportion to the costs of their calls.';

/**
 * callgrind counts self costs by function and line, and the inclusive cost of calls by caller and callee, without stacks.
 * Self costs are kept exactly. To build stacks, the cost of a function is divided among its callers in proportion to the
 * costs of their calls, like KCachegrind's call map: totals are exact without recursion; the division among paths is an
 * estimate, and a note says so. A function is unfolded once per path; what that leaves over (recursion, branches below a
 * hundred-thousandth) is attached to the root.
 */
export class CallgrindImporter implements Importer {
  private readonly parser = new CallgrindParser();

  write(chunk: Buffer): void {
    this.parser.reader.write(chunk);
  }

  finish(): Profile {
    const { parser } = this;
    parser.reader.end();
    const names = unique(parser.events);
    // Freed memory, for example: a sum with negative parts has no shares.
    const kept = [...names.keys()].filter((event) => !parser.negative.has(event));
    const [first, ...others] = kept.map((event): ProfileEvent => ({ name: names[event] as string }));
    if (names.length === 0) throw parser.reader.error('the file names no event');
    if (!first)
      throw new LabError('profile-corrupt', 'Every event of the callgrind file has negative costs.', {
        detail: `A sum with negative parts has no shares (at ${names.join(', ')}).`,
        remedy: { text: 'Record again with an event whose costs only grow, such as time.' },
      });
    const notes = [
      CALL_COUNTS_NOTE,
      ...names
        .filter((_, event) => parser.negative.has(event))
        .map((name) => `${name} is left out: some of its costs are negative, so it has no shares.`),
    ];
    const functions = [...parser.functions.values()];
    const builder = new ProfileBuilder();
    const thread = builder.thread(0, 0, new Map());
    let any = false;
    kept.forEach((event, index) => {
      const name = names[event] as string;
      const all = unfoldCalls(builder, thread, functions, { event, index, events: kept.length });
      if (!Number.isFinite(all)) throw parser.reader.error(`the costs of ${name} add up to ${all}`);
      const stated = parser.stated[event];
      if (stated !== undefined && stated !== all)
        notes.push(
          `The costs of ${name} add up to ${count(all)}, but the file states a total of ${count(stated)}.`,
        );
      any ||= all > 0;
    });
    if (!any) throw parser.reader.error('the file contains no costs');
    return builder.finish([first, ...others], notes);
  }
}

/** Which costs are unfolded. */
interface Unfolded {
  /** As the file numbers its events. */
  readonly event: number;
  /** As the profile numbers them. */
  readonly index: number;
  /** How many of the profile's share the bounds of the tree. */
  readonly events: number;
}

/**
 * Unfolds the calls of one thread to stacks and adds the self costs of an event as samples.
 * @returns the sum of the costs
 */
export function unfoldCalls(
  builder: ProfileBuilder,
  thread: number,
  functions: readonly CallgrindFunction[],
  { event, index, events }: Unfolded = { event: 0, index: 0, events: 1 },
): number {
  const own = new Map(functions.map((f) => [f, sum(costsOf(f, event)?.costs)]));
  let all = 0;
  for (const cost of own.values()) all += cost;
  if (all > 0 && Number.isFinite(all))
    new Unfolding(builder, thread, { event, index, events }, own, all).build(functions);
  return all;
}

/** The costs of one event, as samples. */
class Unfolding {
  /** The part of each function's cost that is already in the tree. */
  private readonly placed = new Map<CallgrindFunction, number>();
  private readonly indices = new Map<CallgrindFunction, number>();
  private samples = 0;

  constructor(
    private readonly builder: ProfileBuilder,
    private readonly thread: number,
    private readonly of: Unfolded,
    private readonly own: ReadonlyMap<CallgrindFunction, number>,
    private readonly all: number,
  ) {}

  build(functions: readonly CallgrindFunction[]): void {
    const inclusive = new Map(functions.map((f) => [f, (this.own.get(f) ?? 0) + outgoing(f, this.of.event)]));
    const called = new Set(
      functions.flatMap((f) =>
        [...(costsOf(f, this.of.event)?.calls.keys() ?? [])].filter((callee) => callee !== f),
      ),
    );
    const queue: Node[] = functions.filter((f) => !called.has(f)).map((f) => this.root(f, 1));
    let steps = 0;
    // Breadth first: if a limit is reached, what is nearest to the root has been unfolded.
    for (let i = 0; i < queue.length; i++) {
      const node = queue[i] as Node;
      this.place(node);
      if (node.depth >= MAX_DEPTH) continue;
      for (const [callee, cost] of costsOf(node.func, this.of.event)?.calls ?? []) {
        // Searching the path for the callee dominates the time.
        steps += node.depth + 1;
        if (queue.length >= this.part(MAX_NODES) || steps > this.part(MAX_STEPS)) break;
        const whole = inclusive.get(callee) ?? 0;
        const share = cost * node.part;
        if (whole <= 0 || share < this.all * MIN_SHARE || isOnPath(node, callee)) continue;
        const stack = this.builder.stack(node.stack, this.frame(callee, '', 0));
        const part = Math.min(1, share / whole);
        queue.push({ func: callee, stack, depth: node.depth + 1, part, parent: node });
      }
    }
    for (const func of functions) {
      const left = 1 - (this.placed.get(func) ?? 0);
      if (left > 1e-9) this.place(this.root(func, left), true);
    }
  }

  /** This event's part of a limit for all events of the file. */
  private part(bound: number): number {
    return Math.ceil(bound / this.of.events);
  }

  private root(func: CallgrindFunction, part: number): Node {
    const stack = this.builder.stack(-1, this.frame(func, '', 0));
    return { func, stack, depth: 0, part, parent: undefined };
  }

  /** Assigns the node its part of the function's self cost, line by line, limited to what is left. */
  private place({ func, stack, part }: Node, rest = false): void {
    const placed = this.placed.get(func) ?? 0;
    const share = Math.min(part, 1 - placed);
    const own = costsOf(func, this.of.event)?.costs ?? new Map<string, number>();
    if (share <= 0 || (!rest && this.samples + own.size > this.part(MAX_SAMPLES))) return;
    this.placed.set(func, placed + share);
    const parent = this.builder.parentOf(stack);
    for (const [place, cost] of own) {
      const [line = '', file = ''] = place.split('\0');
      const innermost = this.builder.stack(parent, this.frame(func, file, Number(line)));
      this.builder.sample(innermost, this.thread, 0, cost * share, this.of.index);
      this.samples++;
    }
  }

  private frame(func: CallgrindFunction, file: string, line: number): number {
    let index = this.indices.get(func);
    if (index === undefined) {
      // A recursive function is listed several times: `f`, `f'2`. Code without a symbol is named by its address.
      const name = /^0x[0-9a-f]+$/.test(func.name) ? '' : func.name.replace(/'\d+$/, '');
      index = this.builder.func({
        name: name || unnamedFunction(func.object),
        module: func.object,
        file: func.file,
        line: 0,
      });
      this.indices.set(func, index);
    }
    const known = Number.isInteger(line) && line > 0 && line < 2 ** 31;
    return this.builder.frame(index, known ? file : '', known ? line : 0, func.inlined ?? false);
  }
}

function isOnPath(node: Node, func: CallgrindFunction): boolean {
  for (let at: Node | undefined = node; at; at = at.parent) if (at.func === func) return true;
  return false;
}

function outgoing(func: CallgrindFunction, event: number): number {
  let cost = 0;
  for (const [callee, inclusive] of costsOf(func, event)?.calls ?? []) if (callee !== func) cost += inclusive;
  return cost;
}

function sum(costs: ReadonlyMap<unknown, number> | undefined): number {
  let total = 0;
  for (const cost of costs?.values() ?? []) total += cost;
  return total;
}
