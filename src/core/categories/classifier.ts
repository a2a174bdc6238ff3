import type { FunctionTable, Profile } from '../../model/profile.js';
import { shortName } from '../../text/names.js';
import type { Category } from '../lab/labFile.js';
import { stripCloneSuffix } from '../symbols/cloneSuffix.js';
import { withinTimeLimit } from '../timeLimit.js';
import { builtinCategories, OTHER } from './categories.js';
import { originOf } from './origin.js';
import { compileRule, RuleSet, type CompiledRule } from './ruleSet.js';

/** Names are matched up to this length. C++ templates can be far longer, but their beginning identifies them. */
const MAX_NAME = 2000;
/** Functions that are classified under one time limit. A batch takes about 2 ms. */
const BATCH = 2000;
const MAX_MILLISECONDS = 250;

export interface CategoryTable {
  /** Of every function: index into `names`. */
  readonly category: Int32Array;
  readonly names: readonly string[];
  readonly colors: readonly (string | undefined)[];
}

/**
 * Assigns functions to categories: the first category with a matching rule. The rules of a workspace can't be trusted to
 * finish, since backtracking may take practically forever. They run under a time limit, and a rule that exceeds it is
 * ignored from then on.
 */
export class Classifier {
  readonly names: string[];
  /** By category, `#rrggbb`, if its author chose one. */
  readonly colors: (string | undefined)[];
  private readonly byOrigin: boolean;
  private readonly rules: RuleSet;
  /** Tables are immutable: each is classified once, however many views share it. */
  private readonly known = new WeakMap<FunctionTable, Int32Array>();

  /**
   * @param byOrigin whether functions that no rule matches belong to their namespace or module instead of Other, where
   * that is known. Their categories are added behind the others as profiles have them.
   */
  constructor(categories: readonly Category[], { byOrigin = false } = {}) {
    this.byOrigin = byOrigin;
    // Two entries with the same name (a user's and a lab's) are one category with the rules of both.
    const merged = new Map<string, { color: string | undefined; rules: Omit<CompiledRule, 'category'>[] }>();
    for (const category of categories) {
      const { name, color, rules } = category;
      if (name === OTHER) continue;
      const entry = merged.get(name) ?? { color: undefined, rules: [] };
      merged.set(name, entry);
      entry.color ??= color;
      const builtin = builtinCategories.includes(category);
      entry.rules.push(...rules.map((rule) => compileRule(rule, builtin)));
    }
    this.names = [...merged.keys(), OTHER];
    this.colors = [...[...merged.values()].map(({ color }) => color), undefined];
    const rules = [...merged.values()].flatMap((entry, category) =>
      entry.rules.map((rule) => ({ ...rule, category })),
    );
    this.rules = new RuleSet(rules, this.names, this.names.length - 1);
  }

  /** The rules that took too long, for the user. */
  get problems(): readonly string[] {
    return this.rules.problems;
  }

  /** The category index of every function of a profile. */
  classifyAll({ functions, strings }: Profile): Int32Array {
    let categories = this.known.get(functions);
    if (!categories) {
      categories = new Int32Array(functions.length);
      new Pass(this.rules, functions, strings).run(categories);
      if (this.byOrigin) this.addOrigins(categories, functions, strings);
      this.known.set(functions, categories);
    }
    return categories;
  }

  /** The categories of a profile as pictures need them: Other, which is gray, comes last. */
  table(profile: Profile): CategoryTable {
    const category = this.classifyAll(profile);
    const other = this.names.indexOf(OTHER);
    const last = <T>(all: readonly T[]) => [...all.slice(0, other), ...all.slice(other + 1), all[other] as T];
    const end = this.names.length - 1;
    return {
      category: category.map((index) => (index < other ? index : index === other ? end : index - 1)),
      names: last(this.names),
      colors: last(this.colors),
    };
  }

  private addOrigins(categories: Int32Array, functions: FunctionTable, strings: readonly string[]): void {
    const index = new Map(this.names.map((name, i) => [name, i]));
    const other = index.get(OTHER);
    for (let f = 0; f < functions.length; f++) {
      if (categories[f] !== other) continue;
      const text = (at: number | undefined) => strings[at ?? -1] ?? '';
      const origin = originOf(text(functions.name[f]).slice(0, MAX_NAME), text(functions.module[f]));
      if (origin === undefined) continue;
      let category = index.get(origin);
      if (category === undefined) {
        category = this.names.push(origin) - 1;
        this.colors.push(undefined);
        index.set(origin, category);
      }
      categories[f] = category;
    }
  }
}

/** Classifies one table, in batches. The rules that match a module and a file are determined once for each pair. */
class Pass {
  private readonly pairs = new Map<string, CompiledRule[]>();
  private at = 0;

  constructor(
    private readonly rules: RuleSet,
    private readonly functions: FunctionTable,
    private readonly strings: readonly string[],
  ) {}

  run(categories: Int32Array): void {
    const { length } = this.functions;
    while (this.at < length) {
      const end = Math.min(length, this.at + BATCH);
      if (withinTimeLimit(MAX_MILLISECONDS, () => this.batch(categories, end))) continue;
      // A machine that was suspended looks like a rule that hangs, so try the function once more, alone.
      const func = this.at;
      if (!withinTimeLimit(MAX_MILLISECONDS, () => this.batch(categories, func + 1)))
        this.rules.stopCurrent(this.text(this.functions.name[func]));
    }
  }

  /** `at` stays on the function at which the time ran out. */
  private batch(categories: Int32Array, end: number): void {
    for (; this.at < end; this.at++) {
      const module = this.functions.module[this.at] as number;
      const file = this.functions.file[this.at] as number;
      const key = `${module} ${file}`;
      let candidates = this.pairs.get(key);
      if (!candidates) {
        candidates = this.rules.candidates(this.text(module), this.text(file));
        this.pairs.set(key, candidates);
      }
      // Without the suffixes of clones that the compiler made.
      const name = stripCloneSuffix(this.text(this.functions.name[this.at]));
      categories[this.at] = this.rules.choose(candidates, name, fromNamespace(name));
    }
  }

  private text(index: number | undefined): string {
    return (this.strings[index ?? -1] ?? '').slice(0, MAX_NAME);
  }
}

/** A name from its namespace on: without the return type of C++, and with Rust's types and Go's paths complete. */
function fromNamespace(name: string): string {
  return /^(<|[\w.~-]+\/)/.test(name) ? name : shortName(name);
}
