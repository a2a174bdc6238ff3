import { costsOf, type CallgrindFunction } from './callgrindParser.js';

/** Functions that call each other in a circle: each of them leads to all others. */
export interface Circle {
  readonly members: ReadonlySet<CallgrindFunction>;
  /** The cost of all members and of what they call outside the circle. */
  readonly inclusive: number;
}

/**
 * The circles of calls, by member. Inclusive costs of calls within one count the same instructions again at every turn;
 * those of calls into it and out of it don't, so that only a circle as a whole has a cost that can be divided.
 * Strongly connected components (Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972), without recursion.
 * O(functions + calls).
 */
export function callCircles(
  functions: readonly CallgrindFunction[],
  own: ReadonlyMap<CallgrindFunction, number>,
  event: number,
): ReadonlyMap<CallgrindFunction, Circle> {
  const circles = new Map<CallgrindFunction, Circle>();
  const number = new Map<CallgrindFunction, number>();
  const low = new Map<CallgrindFunction, number>();
  const open: CallgrindFunction[] = [];
  const isOpen = new Set<CallgrindFunction>();
  const lower = (func: CallgrindFunction, to: number) => {
    low.set(func, Math.min(low.get(func) ?? to, to));
  };
  const enter = (func: CallgrindFunction) => {
    number.set(func, number.size);
    low.set(func, number.size - 1);
    open.push(func);
    isOpen.add(func);
    return { func, callees: (costsOf(func, event)?.calls ?? new Map<CallgrindFunction, number>()).keys() };
  };
  for (const first of functions) {
    if (number.has(first)) continue;
    const path = [enter(first)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { func, callees } = top;
      const { done, value: callee } = callees.next();
      if (!done) {
        if (!number.has(callee)) path.push(enter(callee));
        else if (isOpen.has(callee)) lower(func, number.get(callee) ?? 0);
        continue;
      }
      path.pop();
      const caller = path.at(-1);
      if (caller) lower(caller.func, low.get(func) ?? 0);
      if (low.get(func) !== number.get(func)) continue;
      const members = new Set(open.splice(open.lastIndexOf(func)));
      for (const member of members) isOpen.delete(member);
      if (members.size === 1) continue;
      const circle = { members, inclusive: inclusiveOf(members, own, event) };
      for (const member of members) circles.set(member, circle);
    }
  }
  return circles;
}

function inclusiveOf(
  members: ReadonlySet<CallgrindFunction>,
  own: ReadonlyMap<CallgrindFunction, number>,
  event: number,
): number {
  let sum = 0;
  for (const member of members) {
    sum += own.get(member) ?? 0;
    for (const [callee, cost] of costsOf(member, event)?.calls ?? []) if (!members.has(callee)) sum += cost;
  }
  return sum;
}
