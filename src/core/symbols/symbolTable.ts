/** A symbol of a program, before choosing between aliases. Addresses are the linker's. */
export interface RawSymbol {
  readonly name: string;
  readonly start: number;
  /** Equal to `start` if the size is unknown. */
  readonly end: number;
  /** ELF symbol type, see `SymbolType`. */
  readonly type: number;
  /** ELF binding, see `Binding`. */
  readonly binding: number;
}

export const SymbolType = { NOTYPE: 0, OBJECT: 1, FUNC: 2, GNU_IFUNC: 10 } as const;
export const Binding = { LOCAL: 0, GLOBAL: 1, WEAK: 2 } as const;

const page = 4096;

/**
 * Finds the symbol at an address. The choice between several symbols at one address, and the end of a symbol without a size,
 * are as in perf (tools/perf/util/symbol.c: symbols__fixup_end, symbols__fixup_duplicate,
 * choose_best_symbol), so that shares belong to the same symbols as in perf's own reports.
 */
export class SymbolTable {
  private symbols: readonly RawSymbol[] = [];
  /** The largest end of all symbols up to each one: where to stop searching for a symbol that encloses others. */
  private reach = new Float64Array(0);

  get length(): number {
    return this.symbols.length;
  }

  /** Where the symbols begin whose names match. */
  starts(pattern: RegExp): ReadonlySet<number> {
    return new Set(this.symbols.filter(({ name }) => pattern.test(name)).map(({ start }) => start));
  }

  hasName(pattern: RegExp): boolean {
    return this.symbols.some(({ name }) => pattern.test(name));
  }

  /** Adds symbols, determines missing ends, and keeps one symbol per address. */
  add(symbols: Iterable<RawSymbol>): void {
    const sorted = [...this.symbols, ...symbols].sort((a, b) => a.start - b.start);
    for (let i = 0; i < sorted.length; i++) {
      const symbol = sorted[i] as RawSymbol;
      if (symbol.end > symbol.start) continue;
      const next = sorted[i + 1]?.start;
      sorted[i] = { ...symbol, end: next ?? Math.ceil(symbol.start / page) * page + page };
    }
    this.set(withoutAliases(sorted));
  }

  /** Adds synthesized symbols (entries of a linkage table), which don't compete with others. */
  addDistinct(symbols: readonly RawSymbol[]): void {
    this.set([...this.symbols, ...symbols].sort((a, b) => a.start - b.start));
  }

  /** The innermost symbol that contains the address, or undefined. */
  find(address: number): RawSymbol | undefined {
    const { symbols, reach } = this;
    let low = 0;
    let high = symbols.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((symbols[middle] as RawSymbol).start <= address) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && (reach[i] as number) > address; i--) {
      const symbol = symbols[i] as RawSymbol;
      if (symbol.end > address) return symbol;
    }
    return undefined;
  }

  /** The symbol that starts exactly there. */
  at(address: number): RawSymbol | undefined {
    const found = this.find(address);
    return found?.start === address ? found : undefined;
  }

  private set(sorted: readonly RawSymbol[]): void {
    this.symbols = sorted;
    this.reach = new Float64Array(sorted.length);
    let reach = 0;
    sorted.forEach(({ end }, i) => (this.reach[i] = reach = Math.max(reach, end)));
  }
}

function withoutAliases(sorted: readonly RawSymbol[]): RawSymbol[] {
  const kept: RawSymbol[] = [];
  for (const symbol of sorted) {
    const before = kept.at(-1);
    if (before?.start !== symbol.start) kept.push(symbol);
    else if (isBetter(symbol, before)) kept[kept.length - 1] = symbol;
  }
  return kept;
}

/** Whether `b` is preferred although `a` came first. */
function isBetter(b: RawSymbol, a: RawSymbol): boolean {
  const prefer = (test: (symbol: RawSymbol) => boolean) => Number(test(b)) - Number(test(a));
  const order =
    prefer((s) => s.end > s.start) ||
    (a.type === b.type ? 0 : prefer((s) => s.type !== SymbolType.NOTYPE)) ||
    prefer((s) => s.binding !== Binding.WEAK) ||
    prefer((s) => s.binding === Binding.GLOBAL) ||
    underscores(a.name) - underscores(b.name) ||
    b.name.length - a.name.length;
  if (order !== 0) return order > 0;
  // Aliases of system calls in old kernels.
  return /^(SyS|compat_SyS)/.test(a.name);
}

/** Leading underscores, except those of `_Z` and `_R`, which only mark a mangled name. */
function underscores(name: string): number {
  return /^_[ZR]/.test(name) ? 0 : (/^_*/.exec(name)?.[0].length ?? 0);
}
