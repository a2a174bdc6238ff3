import { count } from '../../text/numbers.js';
import { IntPairMap } from '../../model/intPairMap.js';
import type { ChainReader } from './chainReader.js';
import type { SampleColumns } from './sampleColumns.js';

/**
 * User parts of call chains that the kernel records late, on the way back to user space. The sample has the kernel part
 * and a cookie; a later record has the user part for that cookie (PERF_RECORD_CALLCHAIN_DEFERRED in
 * include/uapi/linux/perf_event.h). Samples of one entry to the kernel share one user part. Buffers are written processor
 * by processor, so either may come first.
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
   * Joins kernel and user parts. To be called before the samples are sorted.
   * @returns notes for the user
   */
  join(columns: SampleColumns, chains: ChainReader): string[] {
    let missing = 0;
    this.rows.forEach((row, i) => {
      const user = this.chains.get(this.cookies[i * 2] as number, this.cookies[i * 2 + 1] as number);
      if (user === -1) missing++;
      else columns.chain[row] = chains.above(user, columns.chain[row] as number);
    });
    return missing === 0
      ? []
      : [
          `${count(missing)} of ${count(this.rows.length)} kernel samples lost the user part of the call stack.`,
        ];
  }
}
