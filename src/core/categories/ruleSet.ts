import type { Category } from '../lab/labFile.js';

export interface CompiledRule {
  /** Index of its category. */
  readonly category: number;
  readonly symbol: RegExp | undefined;
  readonly module: RegExp | undefined;
  readonly file: RegExp | undefined;
  /** Comes with the lab itself: not from a lab file or settings. */
  readonly builtin: boolean;
  stopped: boolean;
}

/** After this many stopped rules, the other rules from lab file and settings are skipped: each could cost the time again. */
const MAX_STOPPED = 4;

/** Ordered rules that can be stopped one by one if they take too long. */
export class RuleSet {
  /** The rules that took too long, for the user. */
  readonly problems: string[] = [];
  /** The rule that is being matched, to know which one takes too long. */
  private current: CompiledRule | undefined;

  /** @param other the category of functions that no rule matches */
  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly names: readonly string[],
    private readonly other: number,
  ) {}

  /** The rules that match a module and a file; their patterns for the symbol are left to check. */
  candidates(module: string, file: string): CompiledRule[] {
    return this.rules.filter((rule) => {
      if (rule.stopped) return false;
      this.current = rule;
      return (rule.module?.test(module) ?? true) && (rule.file?.test(file) ?? true);
    });
  }

  /**
   * @param fromNamespace the name from its namespace on: the shipped rules are about that
   * @returns the index of the category of the first candidate that matches
   */
  choose(candidates: readonly CompiledRule[], symbol: string, fromNamespace: string): number {
    for (const rule of candidates) {
      if (rule.stopped) continue;
      this.current = rule;
      if (rule.symbol?.test(rule.builtin ? fromNamespace : symbol) ?? true) return rule.category;
    }
    return this.other;
  }

  /** Stops the rule that is being matched. */
  stopCurrent(symbol: string): void {
    const rule = this.current;
    if (!rule) return;
    rule.stopped = true;
    const pattern = (rule.symbol ?? rule.module ?? rule.file)?.source ?? '';
    this.problems.push(
      `Ignored a rule of category ${this.names[rule.category]} that takes too long: ${shortened(pattern)} (on ${shortened(symbol)}).`,
    );
    if (this.problems.length < MAX_STOPPED) return;
    for (const other of this.rules) other.stopped ||= !other.builtin;
    this.problems.push('All other rules except the built-in ones are ignored too.');
  }
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

export function compileRule(
  { symbol, module, file }: Category['rules'][number],
  builtin: boolean,
): Omit<CompiledRule, 'category'> {
  const regex = (source: string | undefined) => (source === undefined ? undefined : new RegExp(source));
  return { symbol: regex(symbol), module: regex(module), file: regex(file), builtin, stopped: false };
}
