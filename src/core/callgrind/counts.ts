import { CallgrindParser, type CallgrindFunction } from '../import/callgrindParser.js';
import { LabError } from '../labError.js';
import type { CallgrindDump, CallgrindRun } from './valgrind.js';

/** Instructions of one thread: by function and place, and between callers and callees. */
export interface ThreadCounts {
  readonly pid: number;
  readonly thread: number;
  readonly functions: readonly CallgrindFunction[];
  /** All instructions, as the file states them. */
  readonly total: number;
}

/** Reads what callgrind wrote. @throws LabError `profile-corrupt` when costs and stated totals disagree */
export function readCounts({ dumps }: Pick<CallgrindRun, 'dumps'>): ThreadCounts[] {
  return dumps.map(readThread).filter(({ total }) => total > 0);
}

function readThread({ pid, thread, text }: CallgrindDump): ThreadCounts {
  const parser = new CallgrindParser(true);
  parser.reader.write(text);
  parser.reader.end();
  const functions = [...parser.functions.values()];
  let total = 0;
  for (const { costs } of functions) for (const cost of costs.values()) total += cost;
  const [stated] = parser.stated;
  if (stated !== undefined && stated !== total) {
    throw new LabError('profile-corrupt', 'callgrind’s counts do not add up.', {
      detail: `Thread ${thread} of process ${pid} states ${stated} instructions; its functions have ${total}.`,
      remedy: { text: 'Count again; if it recurs, please report it with the version of valgrind.' },
    });
  }
  return { pid, thread, functions, total };
}

export function totalOf(threads: readonly ThreadCounts[]): number {
  return threads.reduce((sum, { total }) => sum + total, 0);
}

/**
 * What the longer run executed more than the shorter one: start-up, which both have, cancels out. Threads are
 * matched by number, functions by name, file and object, places by address.
 * @returns the counts, and how many instructions stand in places that the shorter run executed more often; those
 * are left at zero, so that the functions add up to that much more than the totals' difference
 */
export function subtract(
  longer: readonly ThreadCounts[],
  shorter: readonly ThreadCounts[],
): { readonly threads: ThreadCounts[]; readonly negative: number } {
  let negative = 0;
  const threads = longer.map((thread): ThreadCounts => {
    const other = shorter.find((s) => s.thread === thread.thread);
    const before = new Map((other?.functions ?? []).map((f) => [keyOf(f), f]));
    const twins = new Map<CallgrindFunction, CallgrindFunction>(
      thread.functions.map((f) => [f, { ...f, costs: new Map(), calls: new Map(), sites: [] }]),
    );
    const twin = (f: CallgrindFunction) => twins.get(f) as CallgrindFunction;
    let total = 0;
    for (const func of thread.functions) {
      const old = before.get(keyOf(func));
      before.delete(keyOf(func));
      const own = twin(func);
      for (const [place, cost] of func.costs) {
        const rest = cost - (old?.costs.get(place) ?? 0);
        if (rest > 0) own.costs.set(place, rest);
        if (rest < 0) negative -= rest;
        total += Math.max(0, rest);
      }
      for (const [place, cost] of old?.costs ?? []) if (!func.costs.has(place)) negative += cost;
      const sites = sumSites(old);
      for (const [site, { address, callee, cost }] of sumSites(func)) {
        const rest = cost - (sites.get(site)?.cost ?? 0);
        if (rest <= 0) continue;
        own.sites.push({ address, callee: twin(callee), cost: rest });
        own.calls.set(twin(callee), (own.calls.get(twin(callee)) ?? 0) + rest);
      }
    }
    for (const { costs } of before.values()) for (const cost of costs.values()) negative += cost;
    return { ...thread, functions: [...twins.values()], total };
  });
  return { threads, negative };
}

/** A place may call the same function in several records: each pair once, by a key that holds across runs. */
function sumSites(func: CallgrindFunction | undefined): Map<string, CallgrindFunction['sites'][number]> {
  const sums = new Map<string, CallgrindFunction['sites'][number]>();
  for (const site of func?.sites ?? []) {
    const key = `${site.address} ${keyOf(site.callee)}`;
    sums.set(key, { ...site, cost: site.cost + (sums.get(key)?.cost ?? 0) });
  }
  return sums;
}

function keyOf({ name, object, file }: CallgrindFunction): string {
  return `${name}\0${object}\0${file}`;
}
