import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importCallgrind } from '../support/importBytes.js';
import { bytes } from '../support/refusal.js';
import { selfSum, shares } from '../support/shares.js';

/** A call as it was executed: a function by its number, its self cost, and what it called. */
interface Call {
  readonly func: number;
  readonly self: number;
  readonly calls: readonly Call[];
}

const { call } = fc.letrec<{ call: Call }>((tie) => ({
  call: fc.record({
    func: fc.nat({ max: 5 }),
    self: fc.integer({ min: 1, max: 100 }),
    calls: fc.oneof(
      { maxDepth: 7, depthIdentifier: 'call' },
      fc.constant([]),
      fc.array(tie('call'), { maxLength: 3, depthIdentifier: 'call' }),
    ),
  }),
}));

const inclusive = ({ self, calls }: Call): number => calls.reduce((sum, c) => sum + inclusive(c), self);

/** What callgrind writes of an execution with --separate-recs=1, and the true total of every function. */
function executed(root: Call) {
  const selfs = new Map<number, number>();
  const edges = new Map<number, Map<number, number>>();
  const totals = new Map<number, number>();
  const visit = (at: Call, path: readonly number[]) => {
    selfs.set(at.func, (selfs.get(at.func) ?? 0) + at.self);
    if (!path.includes(at.func)) totals.set(at.func, (totals.get(at.func) ?? 0) + inclusive(at));
    for (const callee of at.calls) {
      const from = edges.get(at.func) ?? new Map<number, number>();
      edges.set(at.func, from.set(callee.func, (from.get(callee.func) ?? 0) + inclusive(callee)));
      visit(callee, [...path, at.func]);
    }
  };
  visit(root, []);
  const lines = ['events: Ir'];
  for (const [func, self] of selfs) {
    lines.push(`fn=f${func}`, `1 ${self}`);
    for (const [callee, cost] of edges.get(func) ?? [])
      lines.push(`cfn=f${callee}`, 'calls=1 1', `1 ${cost}`);
  }
  const leads = (from: number, to: number, seen = new Set<number>()): boolean =>
    [...(edges.get(from)?.keys() ?? [])].some(
      (next) => next === to || (!seen.has(next) && leads(next, to, seen.add(next))),
    );
  const circular = (func: number) =>
    [...selfs.keys()].some((other) => other !== func && leads(func, other) && leads(other, func));
  /** The cost of a function's circle, and of the calls into it that reach the function from outside. */
  const bounds = (func: number) => {
    const members = [...selfs.keys()].filter(
      (other) => other === func || (leads(func, other) && leads(other, func)),
    );
    let [entered, whole] = [0, 0];
    for (const [from, calls] of edges)
      for (const [to, cost] of calls) {
        if (members.includes(from)) continue;
        if (to === func) entered += cost;
        if (members.includes(to)) whole += cost;
      }
    return { entered, whole };
  };
  return { text: lines.join('\n'), totals, circular, bounds };
}

describe('functions that call each other in a circle', () => {
  it('leave the totals of all others exact, and have one between what enters them and their circle', () => {
    fc.assert(
      fc.property(call, (inner) => {
        // The outermost function isn't called again.
        const root: Call = { func: 9, self: 1, calls: [inner] };
        const { text, totals, circular, bounds } = executed(root);
        const profile = importCallgrind(bytes(text));
        const read = shares(profile);
        expect(selfSum(profile)).toBeCloseTo(100, 6);
        for (const [func, total] of totals) {
          const share = read.get(`f${func}`)?.total ?? 0;
          const percent = (cost: number) => (100 * cost) / inclusive(root);
          if (!circular(func)) {
            expect(share).toBeCloseTo(percent(total), 6);
            continue;
          }
          const { entered, whole } = bounds(func);
          expect(share).toBeGreaterThanOrEqual(percent(entered) - 1e-6);
          expect(share).toBeLessThanOrEqual(percent(whole) + 1e-6);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('have the cost of all of it where it is entered', () => {
    // main → eval → apply → eval → apply …, as callgrind counts that: each turn again.
    const text = `events: Ir
fn=main
1 10
cfn=eval
calls=1 2
1 90
fn=eval
2 30
cfn=apply
calls=9 3
2 450
fn=apply
3 60
cfn=eval
calls=8 2
3 400
`;
    const profile = importCallgrind(bytes(text));
    expect(shares(profile).get('main')?.total).toBeCloseTo(100, 6);
    expect(shares(profile).get('eval')?.total).toBeCloseTo(90, 6);
    expect(profile.notes.join()).not.toMatch(/Callers are missing/);
    expect(profile.notes.join()).toMatch(
      /Totals of 2 functions that call each other in circles are estimates[^]*costliest circle has 90\.0% of all costs/,
    );
  });
});
