/** Rows of a level at first, and as many more each time: anything colder than the thirtieth hardly matters. */
const pageRows = 30;

/** What a level has beside the rows that are shown. */
export interface MoreRows {
  readonly level: string;
  readonly rows: number;
  /** Self cost of them all, in percent. */
  readonly selfPercent: number;
}

/** How much of each level of a tree is shown. */
export class Levels {
  private readonly limits = new Map<string, number>();

  /** The rows of a level that are shown, and what follows them; a single row that follows takes no more room than saying so. */
  shown<Row extends { readonly selfPercent: number }>(
    level: string,
    rows: readonly Row[],
  ): { readonly rows: readonly Row[]; readonly more: MoreRows | undefined } {
    const limit = this.limits.get(level) ?? pageRows;
    if (rows.length <= limit + 1) return { rows, more: undefined };
    const others = rows.slice(limit);
    const selfPercent = others.reduce((sum, row) => sum + row.selfPercent, 0);
    return { rows: rows.slice(0, limit), more: { level, rows: others.length, selfPercent } };
  }

  showMore(level: string): void {
    this.limits.set(level, (this.limits.get(level) ?? pageRows) + pageRows);
  }

  reset(): void {
    this.limits.clear();
  }
}
