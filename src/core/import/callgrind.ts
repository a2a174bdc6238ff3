import { LabError } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import { ProfileBuilder } from '../../model/builder.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { countedThing } from '../../text/eventTexts.js';
import { count, percent, plural } from '../../text/numbers.js';
import { unnamedFunction } from '../../model/unnamed.js';
import { ENOUGH } from '../../views/coverage.js';
import { CallgrindParser, type CallgrindFunction, costsOf } from './callgrindParser.js';
import { Branches } from './branches.js';
import { callCircles, type Circle } from './callCircles.js';
import { unique, type Importer } from './importer.js';

/** Limits of the tree that calls are unfolded to; what lies beyond counts without callers. */
const MAX_NODES = 50_000;
const MAX_SAMPLES = 1_000_000;
const MAX_DEPTH = 200;
const MAX_STEPS = 20_000_000;
/** Branches below this share of the total aren't unfolded. */
const MIN_SHARE = 1e-7;

/** A path of calls to a function. */
interface Branch {
  readonly func: CallgrindFunction;
  /** The part of the function's cost that belongs to this path. */
  readonly part: number;
  /** Undefined where execution begins. */
  readonly parent?: Node;
  /** Where the path has entered a circle of calls, those of its members that are below. */
  readonly seen?: Set<CallgrindFunction>;
}

/** A branch in the tree. */
interface Node extends Branch {
  readonly stack: number;
  readonly depth: number;
}

const DIVIDED =
  'no call stacks, so costs are divided among callers in proportion to the costs of their calls.';

/** Explains the accuracy of callers in profiles from callgrind. */
export const CALL_COUNTS_NOTE = `Costs of functions and lines are exact. callgrind records ${DIVIDED}`;

/**
 * callgrind counts self costs by function and line, and the inclusive cost of calls by caller and callee, without stacks.
 * Self costs are kept exactly. To build stacks, the cost of a function is divided among its callers in proportion to the
 * costs of their calls, like KCachegrind's call map; what no call accounts for begins a stack. Functions that call each
 * other in a circle have one cost, that of the calls into it: below the function that was entered, each of them is once.
 * Totals are exact but for those; the division among paths is an estimate, and a note says so. What is left over (branches
 * below a ten-millionth) is attached to the root.
 */
export class CallgrindImporter implements Importer {
  private readonly parser = new CallgrindParser();

  constructor(private readonly memory: MemoryLimit) {}

  write(chunk: Buffer): void {
    this.parser.reader.write(chunk);
  }

  finish(): Profile {
    const { parser } = this;
    parser.reader.end();
    const names = unique(parser.events);
    // Freed memory, for example: a sum with negative parts has no shares.
    const kept = [...names.keys()].filter((event) => !parser.negative.has(event));
    const [first, ...others] = kept.map((event) => describedEvent(names[event] as string));
    if (names.length === 0) throw parser.reader.error('the file names no event');
    if (!first)
      throw new LabError('profile-corrupt', 'Every event of the callgrind file has negative costs.', {
        detail: `A sum with negative parts has no shares (at ${names.join(', ')}).`,
        remedy: { text: 'Record again with an event whose costs only grow, such as time.' },
      });
    const notes = [
      // pprof and others write samples in this format.
      first.exact === true ? CALL_COUNTS_NOTE : `The format has ${DIVIDED}`,
      ...names
        .filter((_, event) => parser.negative.has(event))
        .map((name) => `${name} is left out: some of its costs are negative, so it has no shares.`),
    ];
    const functions = [...parser.functions.values()];
    const builder = new ProfileBuilder(this.memory.check);
    const thread = builder.thread(0, 0, new Map());
    let any = false;
    kept.forEach((event, index) => {
      const name = names[event] as string;
      const unfolded = unfoldCalls(builder, thread, functions, { event, index, events: kept.length });
      const { all } = unfolded;
      if (index === 0) notes.push(...unfoldingNotes(unfolded));
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

/** Other tools write the format too, with samples of time in it: only what valgrind counts is exact. */
function describedEvent(name: string): ProfileEvent {
  return { name, taken: null, ...(countedThing({ name }) === undefined ? {} : { exact: true }) };
}

/** Says how much of the costs has no callers, and how much of it is in circles of calls, where that is much. */
export function unfoldingNotes({ all, rest, circular, circle }: Unfolded): string[] {
  const isMuch = (cost: number) => cost > all * ENOUGH;
  const notes: string[] = [];
  if (isMuch(rest))
    notes.push(
      `Callers are missing for ${percent(rest / all)} of the costs: callgrind counts calls, not stacks, and too many paths of calls lead there. To see them, record with perf.`,
    );
  if (isMuch(circle))
    notes.push(
      `Totals of ${plural(circular, 'function')} that call each other in circles are estimates: each turn counts the costs of the next ones again. The costliest circle has ${percent(circle / all)} of all costs. To see its turns, record with perf.`,
    );
  return notes;
}

/** The sums of several threads or processes, as if they were one. */
export function allUnfolded(parts: readonly Unfolded[]): Unfolded {
  const sumOf = (key: keyof Unfolded) => parts.reduce((whole, part) => whole + part[key], 0);
  return { all: sumOf('all'), rest: sumOf('rest'), circular: sumOf('circular'), circle: sumOf('circle') };
}

/** Which costs are unfolded. */
interface CountedEvent {
  /** As the file numbers its events. */
  readonly event: number;
  /** As the profile numbers them. */
  readonly index: number;
  /** How many of the profile's share the bounds of the tree. */
  readonly events: number;
}

/** Sums of costs. */
export interface Unfolded {
  readonly all: number;
  /** What is without callers, though it has some. */
  readonly rest: number;
  /** The number of functions that call each other in circles. */
  readonly circular: number;
  /** The cost of the costliest circle, with what it calls. */
  readonly circle: number;
}

/** Unfolds the calls of one thread to stacks and adds the self costs of an event as samples. */
export function unfoldCalls(
  builder: ProfileBuilder,
  thread: number,
  functions: readonly CallgrindFunction[],
  { event, index, events }: CountedEvent = { event: 0, index: 0, events: 1 },
): Unfolded {
  const own = new Map(functions.map((f) => [f, sum(costsOf(f, event)?.costs)]));
  let all = 0;
  for (const cost of own.values()) all += cost;
  if (!(all > 0) || !Number.isFinite(all)) return { all, rest: 0, circular: 0, circle: 0 };
  const circles = callCircles(functions, own, event);
  const unfolding = new Unfolding(builder, thread, { event, index, events }, own, all, circles);
  return {
    all,
    rest: unfolding.build(functions),
    circular: circles.size,
    circle: [...circles.values()].reduce((most, { inclusive }) => Math.max(most, inclusive), 0),
  };
}

/** The costs of one event, as samples. */
class Unfolding {
  /** The part of each function's cost that is already in the tree. */
  private readonly placed = new Map<CallgrindFunction, number>();
  private readonly indices = new Map<CallgrindFunction, number>();
  private samples = 0;
  private readonly least: number;

  constructor(
    private readonly builder: ProfileBuilder,
    private readonly thread: number,
    private readonly of: CountedEvent,
    private readonly own: ReadonlyMap<CallgrindFunction, number>,
    all: number,
    private readonly circles: ReadonlyMap<CallgrindFunction, Circle>,
  ) {
    this.least = all * MIN_SHARE;
  }

  /** @returns the costs that are left without callers */
  build(functions: readonly CallgrindFunction[]): number {
    const { circles } = this;
    const inclusive = new Map(
      functions.map((f) => [
        f,
        circles.get(f)?.inclusive ?? (this.own.get(f) ?? 0) + outgoing(f, this.of.event),
      ]),
    );
    const branches = new Branches<Branch>();
    const add = (func: CallgrindFunction, cost: number, parent?: Node) => {
      const part = Math.min(1, cost / (inclusive.get(func) ?? cost));
      const entered = circles.has(func) ? { seen: new Set([func]) } : {};
      branches.add({ func, part, ...(parent ? { parent } : {}), ...entered }, cost);
    };
    for (const [func, cost] of entries(functions, inclusive, circles, this.of.event))
      if (cost > this.least) add(func, cost);
    let steps = 0;
    let nodes = 0;
    // The costliest first: what a limit cuts off is the least.
    for (let branch = branches.take(); branch; branch = branches.take()) {
      if (++nodes > this.part(MAX_NODES) || steps > this.part(MAX_STEPS)) break;
      const node = this.node(branch);
      this.place(node);
      if (node.depth >= MAX_DEPTH) continue;
      for (const [callee, cost] of costsOf(node.func, this.of.event)?.calls ?? []) {
        steps++;
        const share = cost * node.part;
        if (callee === node.func || !(share >= this.least)) continue;
        if (!circles.get(callee)?.members.has(node.func)) {
          if ((inclusive.get(callee) ?? 0) > 0) add(callee, share, node);
        } else if (node.seen && !node.seen.has(callee)) {
          node.seen.add(callee);
          branches.add({ func: callee, part: node.part, parent: node, seen: node.seen }, share);
        }
      }
    }
    let rest = 0;
    for (const func of functions) {
      const left = 1 - (this.placed.get(func) ?? 0);
      if (left <= 1e-9) continue;
      this.place(this.node({ func, part: left }), true);
      rest += left * (this.own.get(func) ?? 0);
    }
    return rest;
  }

  /** This event's part of a limit for all events of the file. */
  private part(bound: number): number {
    return Math.ceil(bound / this.of.events);
  }

  private node(branch: Branch): Node {
    const { func, parent } = branch;
    const stack = this.builder.stack(parent?.stack ?? -1, this.frame(func, '', 0));
    return { ...branch, stack, depth: parent ? parent.depth + 1 : 0 };
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
      index = this.builder.func(functionKey(func));
      this.indices.set(func, index);
    }
    const known = Number.isInteger(line) && line > 0 && line < 2 ** 31;
    return this.builder.frame(index, known ? file : '', known ? line : 0, func.inlined ?? false);
  }
}

/** How a profile identifies a function of callgrind's. */
export function functionKey({ name, object, file }: CallgrindFunction) {
  // A recursive function is listed several times: `f`, `f'2`. Code without a symbol is named by its address.
  const plain = /^0x[0-9a-f]+$/.test(name) ? '' : name.replace(/'\d+$/, '');
  return { name: plain || unnamedFunction(object), module: object, file, line: 0 };
}

/**
 * Where execution enters what was counted, with the cost that no call accounts for: the start of the program, of threads,
 * and of signal handlers. Such functions may be called besides, as the code that starts a thread is. Where it enters a
 * circle isn't told: the costliest of its functions stands for that.
 */
function entries(
  functions: readonly CallgrindFunction[],
  inclusive: ReadonlyMap<CallgrindFunction, number>,
  circles: ReadonlyMap<CallgrindFunction, Circle>,
  event: number,
): [CallgrindFunction, number][] {
  const incoming = new Map<CallgrindFunction | Circle, number>();
  const inner = new Map<CallgrindFunction, number>();
  for (const func of functions)
    for (const [callee, cost] of costsOf(func, event)?.calls ?? []) {
      const circle = circles.get(callee);
      if (circle?.members.has(func)) inner.set(callee, (inner.get(callee) ?? 0) + cost);
      else if (callee !== func) {
        const to = circle ?? callee;
        incoming.set(to, (incoming.get(to) ?? 0) + cost);
      }
    }
  const costliest = (members: ReadonlySet<CallgrindFunction>) =>
    [...members].reduce((a, b) => ((inner.get(b) ?? 0) > (inner.get(a) ?? 0) ? b : a));
  const firsts = [...new Set(circles.values())].map((circle) => [costliest(circle.members), circle] as const);
  const single = functions.filter((func) => !circles.has(func)).map((func) => [func, func] as const);
  return [...single, ...firsts].map(([func, of]) => [
    func,
    (inclusive.get(func) ?? 0) - (incoming.get(of) ?? 0),
  ]);
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
