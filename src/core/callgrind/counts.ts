import { count } from '../../text/numbers.js';
import { CallgrindParser, type CallgrindFunction } from '../import/callgrindParser.js';
import { LabError } from '../labError.js';
import type { CallgrindDump, CallgrindRun } from './valgrind.js';

/** Instructions of one thread: by function and line, and between callers and callees. */
export interface ThreadCounts {
  readonly pid: number;
  readonly thread: number;
  readonly functions: readonly CallgrindFunction[];
  /** All instructions of the thread. */
  readonly total: number;
}

/** Reads callgrind's output. @throws LabError `profile-corrupt` if costs and totals disagree */
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
    throw new LabError('profile-corrupt', "The counts of callgrind don't add up.", {
      detail: `The total of thread ${thread} in process ${pid} is ${count(stated)} instructions, but its functions add up to ${count(total)}.`,
      remedy: { text: 'Count again. If it happens again, report it with the version of valgrind.' },
    });
  }
  return { pid, thread, functions, total };
}

export function totalOf(threads: readonly ThreadCounts[]): number {
  return threads.reduce((sum, { total }) => sum + total, 0);
}

/**
 * What the longer execution did beyond the shorter one: startup, which both have in common, cancels out. Threads are
 * matched by number, functions by name, file and object, and costs by address.
 * @returns the counts, and the number of instructions at addresses that the shorter execution ran more often. Those
 * addresses count as zero, so that the functions add up to that much more than the difference of the totals
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

/** One address may call the same function in several records: sums them up, by a key that is stable across executions. */
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
