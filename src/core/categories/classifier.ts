import vm from 'node:vm';
import type { Category } from '../lab/labFile.js';
import type { FunctionTable, Profile } from '../../model/profile.js';
import { stripCloneSuffix } from '../symbols/cloneSuffix.js';
import { builtinCategories, OTHER } from './categories.js';

/** Names are tested up to here; C++ templates can be far longer, and their beginning says what they are. */
const MAX_NAME = 2000;
/** Functions that are classified between two looks at the clock, and how long that may take. It takes 2 ms. */
const BATCH = 2000;
const MAX_MILLISECONDS = 250;
/** When so many rules of a lab were stopped, its others are not tried: each would cost the time again. */
const MAX_STOPPED = 4;

interface CompiledRule {
  readonly category: number;
  readonly symbol: RegExp | undefined;
  readonly module: RegExp | undefined;
  readonly file: RegExp | undefined;
  readonly shipped: boolean;
  stopped: boolean;
}

/**
 * Ordered rules, compiled. The first category with a matching rule takes a function. The rules of a workspace are not
 * trusted to end: backtracking can take longer than the universe is old, so they run under a limit of time, and a rule
 * that exceeds it is not used any more.
 */
export class Classifier {
  readonly names: readonly string[];
  /** By category, `#rrggbb`, where its author chose one. */
  readonly colours: readonly (string | undefined)[];
  /** The rules that took too long, in words for the user. */
  readonly problems: string[] = [];
  private readonly rules: readonly CompiledRule[];
  /** Tables are immutable: each is classified once, however many views are made of it. */
  private readonly known = new WeakMap<FunctionTable, Int32Array>();
  /** The rule that is being tried, for blaming it. */
  private trying: CompiledRule | undefined;

  constructor(categories: readonly Category[]) {
    // Two entries of one name (a user's and a lab's) are one category with both sets of rules.
    const merged = new Map<string, { colour: string | undefined; rules: Omit<CompiledRule, 'category'>[] }>();
    for (const category of categories) {
      const { name, color, rules } = category;
      if (name === OTHER) continue;
      const entry = merged.get(name) ?? { colour: undefined, rules: [] };
      merged.set(name, entry);
      entry.colour ??= color;
      const shipped = builtinCategories.includes(category);
      entry.rules.push(...rules.map((rule) => compile(rule, shipped)));
    }
    this.names = [...merged.keys(), OTHER];
    this.colours = [...[...merged.values()].map(({ colour }) => colour), undefined];
    this.rules = [...merged.values()].flatMap(({ rules }, category) =>
      rules.map((rule) => ({ ...rule, category })),
    );
  }

  /** Index into `names`, without a limit of time. Names are matched without the suffixes of a compiler's clones. */
  classify(symbol: string, module: string, file: string): number {
    return this.choose(this.candidates(module, file), stripCloneSuffix(symbol));
  }

  /** The category index of every function of a profile. */
  classifyAll({ functions, strings }: Profile): Int32Array {
    let categories = this.known.get(functions);
    if (!categories) {
      categories = new Int32Array(functions.length);
      new Pass(this, functions, strings).run(categories);
      this.known.set(functions, categories);
    }
    return categories;
  }

  /** Whether the rules that still apply take a module and a file; those of a symbol are left. */
  candidates(module: string, file: string): CompiledRule[] {
    return this.rules.filter((rule) => {
      if (rule.stopped) return false;
      this.trying = rule;
      return (rule.module?.test(module) ?? true) && (rule.file?.test(file) ?? true);
    });
  }

  /** @returns the category's index */
  choose(candidates: readonly CompiledRule[], name: string): number {
    for (const rule of candidates) {
      if (rule.stopped) continue;
      this.trying = rule;
      if (rule.symbol?.test(name) ?? true) return rule.category;
    }
    return this.names.length - 1;
  }

  /** Stops the rule that was being tried. */
  blame(name: string): void {
    const rule = this.trying;
    if (!rule) return;
    rule.stopped = true;
    const pattern = (rule.symbol ?? rule.module ?? rule.file)?.source ?? '';
    this.problems.push(
      `A rule of the category ${this.names[rule.category]} takes too long and is not used: ${shortened(pattern)} (tried on ${shortened(name)}).`,
    );
    if (this.problems.length < MAX_STOPPED) return;
    for (const other of this.rules) other.stopped ||= !other.shipped;
    this.problems.push('The other rules that are not shipped are not used either.');
  }
}

/** One table, in batches. What a module and a file leave of the rules is found once for each pair. */
class Pass {
  private readonly pairs = new Map<string, CompiledRule[]>();
  private at = 0;

  constructor(
    private readonly classifier: Classifier,
    private readonly functions: FunctionTable,
    private readonly strings: readonly string[],
  ) {}

  run(categories: Int32Array): void {
    const { length } = this.functions;
    while (this.at < length) {
      const end = Math.min(length, this.at + BATCH);
      if (within(() => this.batch(categories, end))) continue;
      // A machine that slept looks like a rule that hangs: the function is tried once more, alone.
      const func = this.at;
      if (!within(() => this.batch(categories, func + 1)))
        this.classifier.blame(this.text(this.functions.name[func]));
    }
  }

  /** `at` stays on the function during which the time ran out. */
  private batch(categories: Int32Array, end: number): void {
    for (; this.at < end; this.at++) {
      const module = this.functions.module[this.at] as number;
      const file = this.functions.file[this.at] as number;
      const key = `${module} ${file}`;
      let candidates = this.pairs.get(key);
      if (!candidates) {
        candidates = this.classifier.candidates(this.text(module), this.text(file));
        this.pairs.set(key, candidates);
      }
      const name = stripCloneSuffix(this.text(this.functions.name[this.at]));
      categories[this.at] = this.classifier.choose(candidates, name);
    }
  }

  private text(index: number | undefined): string {
    return (this.strings[index ?? -1] ?? '').slice(0, MAX_NAME);
  }
}

const context = vm.createContext({ action: (): void => undefined });
const script = new vm.Script('action()');

/** @returns whether the action ended in time. A regular expression can be ended in no other way. */
function within(action: () => void): boolean {
  context.action = action;
  try {
    script.runInContext(context, { timeout: MAX_MILLISECONDS });
    return true;
  } catch (error) {
    // An error of the context's own realm: no instance of this one's Error.
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    context.action = undefined;
  }
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function compile(rule: Category['rules'][number], shipped: boolean): Omit<CompiledRule, 'category'> {
  const regex = (source: string | undefined) => (source === undefined ? undefined : new RegExp(source));
  const { symbol, module, file } = rule;
  return { symbol: regex(symbol), module: regex(module), file: regex(file), shipped, stopped: false };
}
