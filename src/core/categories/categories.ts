import type { Category } from '../lab/labFile.js';
import { stripCloneSuffix } from '../symbols/cloneSuffix.js';
import type { Profile } from '../profile/profile.js';

/** What no rule names. Always the last category. */
export const OTHER = 'Other';

/** Rules for code that any program may contain; a lab's own categories come before them. */
export const builtinCategories: readonly Category[] = [
  { name: 'mimalloc', rules: [{ module: '/libmimalloc[^/]*$' }, { symbol: '^_?mi_' }] },
  { name: 'jemalloc', rules: [{ module: '/libjemalloc[^/]*$' }, { symbol: '^je_' }] },
  { name: 'tcmalloc', rules: [{ module: '/libtcmalloc[^/]*$' }, { symbol: '^(tcmalloc::|tc_)' }] },
  {
    name: 'C library allocator',
    rules: [
      { module: '/libc[.-][^/]*$', file: '(^|/)malloc/[^/]+\\.[ch]$' },
      {
        module: '/libc[.-][^/]*$',
        symbol:
          '^(_int_|__libc_|__)?(malloc|c?free|calloc|realloc|memalign|tcache_\\w+|sysmalloc|systrim|unlink_chunk)(_consolidate|_check)?(\\.\\w+)*$',
      },
    ],
  },
  { name: 'C++ runtime', rules: [{ module: '/lib(stdc\\+\\+|c\\+\\+|c\\+\\+abi|gcc_s)[.-][^/]*$' }] },
  {
    name: 'C library',
    rules: [
      { symbol: '^\\[plt\\]$' },
      { module: '/(libc|libm|libpthread|ld-linux[^/]*|ld-musl[^/]*)[.-][^/]*$' },
    ],
  },
  { name: 'Kernel', rules: [{ module: '^\\[kernel' }] },
];

interface CompiledRule {
  readonly symbol: RegExp | undefined;
  readonly module: RegExp | undefined;
  readonly file: RegExp | undefined;
}

/** Ordered rules, compiled. The first category with a matching rule takes a function. */
export class Classifier {
  readonly names: readonly string[];
  private readonly rules: readonly (readonly CompiledRule[])[];

  constructor(categories: readonly Category[]) {
    // Two entries of one name (a user's and a lab's) are one category with both sets of rules.
    const merged = new Map<string, CompiledRule[]>();
    for (const { name, rules } of categories) {
      if (name === OTHER) continue;
      const list = merged.get(name) ?? [];
      merged.set(name, [...list, ...rules.map(compile)]);
    }
    this.names = [...merged.keys(), OTHER];
    this.rules = [...merged.values()];
  }

  /** Index into `names`. Names are matched without the suffixes that a compiler adds to clones. */
  classify(symbol: string, module: string, file: string): number {
    const name = stripCloneSuffix(symbol);
    const found = this.rules.findIndex((rules) =>
      rules.some(
        (rule) =>
          (rule.symbol?.test(name) ?? true) &&
          (rule.module?.test(module) ?? true) &&
          (rule.file?.test(file) ?? true),
      ),
    );
    return found === -1 ? this.names.length - 1 : found;
  }

  /** The category index of every function of a profile. */
  classifyAll({ functions, strings }: Profile): Int32Array {
    const text = (index: number | undefined) => strings[index ?? -1] ?? '';
    return Int32Array.from({ length: functions.length }, (_, f) =>
      this.classify(text(functions.name[f]), text(functions.module[f]), text(functions.file[f])),
    );
  }
}

function compile(rule: {
  symbol?: string | undefined;
  module?: string | undefined;
  file?: string | undefined;
}): CompiledRule {
  const regex = (source: string | undefined) => (source === undefined ? undefined : new RegExp(source));
  return { symbol: regex(rule.symbol), module: regex(rule.module), file: regex(rule.file) };
}
