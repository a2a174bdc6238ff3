import vm from 'node:vm';
import type { FunctionTable, Profile } from '../../model/profile.js';
import type { Category } from '../lab/labFile.js';
import { stripCloneSuffix } from '../symbols/cloneSuffix.js';
import { builtinCategories, OTHER } from './categories.js';
import { compileRule, RuleSet, type CompiledRule } from './ruleSet.js';

/** Names are matched up to this length. C++ templates can be far longer, but their beginning identifies them. */
const MAX_NAME = 2000;
/** Functions that are classified under one time limit. A batch takes about 2 ms. */
const BATCH = 2000;
const MAX_MILLISECONDS = 250;

/**
 * Assigns functions to categories: the first category with a matching rule. The rules of a workspace can't be trusted to
 * finish, since backtracking may take practically forever. They run under a time limit, and a rule that exceeds it is
 * ignored from then on.
 */
export class Classifier {
  readonly names: readonly string[];
  /** By category, `#rrggbb`, if its author chose one. */
  readonly colors: readonly (string | undefined)[];
  private readonly rules: RuleSet;
  /** Tables are immutable: each is classified once, however many views share it. */
  private readonly known = new WeakMap<FunctionTable, Int32Array>();

  constructor(categories: readonly Category[]) {
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
      this.known.set(functions, categories);
    }
    return categories;
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
      if (withinTimeLimit(() => this.batch(categories, end))) continue;
      // A machine that was suspended looks like a rule that hangs, so try the function once more, alone.
      const func = this.at;
      if (!withinTimeLimit(() => this.batch(categories, func + 1)))
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
      categories[this.at] = this.rules.choose(candidates, name);
    }
  }

  private text(index: number | undefined): string {
    return (this.strings[index ?? -1] ?? '').slice(0, MAX_NAME);
  }
}

const context = vm.createContext({ action: (): void => undefined });
const script = new vm.Script('action()');

/** @returns whether the action finished in time. There is no other way to stop a regular expression. */
function withinTimeLimit(action: () => void): boolean {
  context.action = action;
  try {
    script.runInContext(context, { timeout: MAX_MILLISECONDS });
    return true;
  } catch (error) {
    // The error belongs to the context's realm, so it isn't an instance of this realm's Error.
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    context.action = undefined;
  }
}
