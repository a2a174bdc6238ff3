import { getHeapStatistics } from 'node:v8';
import { bytes } from '../text/numbers.js';
import { LabError } from './labError.js';

/** More than profiles of a hundred million samples need; a crafted file of a few megabytes can ask for any amount. */
export const defaultMemoryLimit = 2 * 2 ** 30;

/** Of the heap that V8 allows: beyond it, the process aborts, and with it the editor's extensions. */
const heapShare = 0.85;

/**
 * How much memory an operation may take on top of what the process had before. Whoever builds something from a file
 * checks it each time that some more was built: a check takes a few microseconds.
 */
export class MemoryLimit {
  private readonly bytes: number;
  private readonly before: number;

  constructor(limit = defaultMemoryLimit) {
    this.bytes = limit;
    this.before = process.memoryUsage.rss();
  }

  /** @throws LabError `profile-too-large` */
  readonly check = (): void => this.require(0);

  /** Checks that there is room for some more bytes. @throws LabError `profile-too-large` */
  require(more: number): void {
    const needed = process.memoryUsage.rss() - this.before + more;
    if (needed > this.bytes)
      throw tooMuch(`It needs more than ${bytes(this.bytes)}, which is the limit.`, {
        text: 'Record for a shorter time or at a lower frequency. If you trust the file, raise the limit: with --memory-limit in a terminal, or with the setting hakmemLab.import.memoryLimit.',
      });
    const { used_heap_size: used, heap_size_limit: heap } = getHeapStatistics();
    if (used > heap * heapShare)
      throw tooMuch(`It needs more than the ${bytes(heap)} that Node allows.`, {
        text: 'Record for a shorter time or at a lower frequency. In a terminal, set NODE_OPTIONS=--max-old-space-size=8192, in MiB, to allow more.',
      });
  }
}

function tooMuch(detail: string, remedy: { readonly text: string }): LabError {
  return new LabError('profile-too-large', 'The profile takes too much memory to read.', { detail, remedy });
}
