/** Back and forward through past entries, as in a browser. */
export class History<T> {
  private entries: T[] = [];
  private at = -1;

  constructor(private readonly limit = 200) {}

  /** Adds an entry and drops those ahead. */
  push(entry: T): void {
    this.entries = [...this.entries.slice(0, this.at + 1), entry].slice(-this.limit);
    this.at = this.entries.length - 1;
  }

  /** @returns undefined at either end */
  step(by: -1 | 1): T | undefined {
    const entry = this.entries[this.at + by];
    if (entry !== undefined) this.at += by;
    return entry;
  }

  clear(): void {
    this.entries = [];
    this.at = -1;
  }
}
