import { IntPairMap } from '../../model/intPairMap.js';
import type { SampleReader } from './samples.js';

/**
 * User parts of call chains that the kernel recorded late, on the way back to user space: a sample has its kernel part
 * and a cookie in place of the rest, a record of its own the rest by that cookie (PERF_RECORD_CALLCHAIN_DEFERRED in
 * include/uapi/linux/perf_event.h). Samples of one entry to the kernel share one rest, and since buffers are written
 * processor by processor, either may come first.
 */
export class DeferredChains {
  private readonly chains = new IntPairMap(64);
  private readonly rows: number[] = [];
  private readonly cookies: number[] = [];

  /** @param row of the sample in the columns */
  expect(row: number, low: number, high: number): void {
    this.rows.push(row);
    this.cookies.push(low, high);
  }

  /** @param node of the user part */
  add(low: number, high: number, node: number): void {
    if (node >= 0) this.chains.set(low, high, node);
  }

  /**
   * Puts the chains together; before the samples are sorted.
   * @returns what the user should know
   */
  join({ columns, chains }: SampleReader): string[] {
    let missing = 0;
    this.rows.forEach((row, i) => {
      const user = this.chains.get(this.cookies[i * 2] as number, this.cookies[i * 2 + 1] as number);
      if (user === -1) missing++;
      else columns.chain[row] = chains.above(user, columns.chain[row] as number);
    });
    return missing === 0
      ? []
      : [
          `${missing} of ${this.rows.length} samples taken in the kernel have no user call chain: it was lost.`,
        ];
  }
}
