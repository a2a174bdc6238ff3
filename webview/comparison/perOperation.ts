/** The cost of one operation, if a run determines it. Pure. */
import { exactly, type Estimate } from '../../src/statistics/estimate.js';
import type { BenchResult, StatDocument } from '../../src/wire/protocol.js';

export interface OperationCost {
  readonly cost: Estimate;
  readonly unit: string;
}

interface Costed {
  readonly results: readonly BenchResult[];
  readonly stat: StatDocument | null;
}

/** Events whose shares are shares of time. */
const timeEvents = /^(cpu-clock|task-clock|cpu-cycles|cycles|ref-cycles)(:\w+)?$/;

/**
 * A time event's whole is the time of one operation, 1e9 / throughput; any other event's whole is its own count per
 * operation, if operations were counted. Otherwise the reason as text.
 * @param weight of all samples of the event
 */
export function operationCost(
  { results, stat }: Costed,
  event: { readonly name: string; readonly exact?: boolean },
  weight: number,
): OperationCost | string {
  const operations = stat?.operations ?? 0;
  const counter = stat?.counters.find((c) => c.event === event.name);
  const [result] = results;
  if (event.exact === true && operations > 0)
    return { cost: exactly(weight / operations), unit: `${event.name}/op` };
  if (timeEvents.test(event.name)) {
    if (result !== undefined && result.opsPerSec.median > 0) {
      const { median, ci95 } = result.opsPerSec;
      return { cost: { value: 1e9 / median, low: 1e9 / ci95[1], high: 1e9 / ci95[0] }, unit: 'ns/op' };
    }
    const clock = stat?.counters.find((c) => c.event.startsWith('task-clock') && c.unit === 'msec');
    if (clock !== undefined && operations > 0)
      return { cost: exactly((clock.value * 1e6) / operations), unit: 'ns/op' };
    return 'has no throughput';
  }
  if (counter !== undefined && operations > 0)
    return { cost: exactly(counter.value / operations), unit: `${event.name}/op` };
  return operations > 0 ? `did not count ${event.name}` : 'reports no number of operations';
}
