import { Attribute } from './attributes.js';
import { numberOf, readEntry, Tag, textOf, type Entry, type Unit } from './entries.js';
import type { SymbolTable } from '../symbolTable.js';
import { isUnnamedClass, readTree, type UnitTree } from './unitTree.js';
import type { Units } from './units.js';

/** A function as its declaration tells. */
export interface DeclaredFunction {
  /** As the compiler calls it, without what encloses it. */
  readonly bare: string;
  /** Qualified, or the mangled name if it has one; equal for equal functions. */
  readonly name: string;
  /** 1-based line of the declaration, 0 if unknown, and the number of its file. */
  readonly line: number;
  readonly fileNumber: number;
}

/** The functions at an address. */
export interface FunctionsAt {
  /** Innermost first; undefined for one without a name. */
  readonly functions: readonly (DeclaredFunction | undefined)[];
  /**
   * From where each was inlined, and the files of the unit by their numbers. Only for what gcc split off.
   */
  readonly calls?: readonly { readonly file: string | undefined; readonly line: number }[];
  readonly files?: readonly (string | undefined)[];
}

/** DW_LANG_C_plus_plus, and that of 11, 14, 17, 20. */
const cplusplus = new Set([0x04, 0x1a, 0x21, 0x2a, 0x2b]);
/** A chain of references in damaged data could be endless. */
const maxReferences = 16;

/**
 * Names of C++ functions that have no linkage name. g++ writes none for what only one file can see: lambdas, local
 * classes, unnamed namespaces, and templates of these; inlined, each is `operator()` or `run` to a symbolizer.
 */
export class FunctionNames {
  private readonly units: Units;
  private readonly symbols: Pick<SymbolTable, 'at'>;
  private readonly lines: Buffer | undefined;
  private readonly trees = new Map<Unit, UnitTree>();
  private readonly named = new Map<number, DeclaredFunction | undefined>();
  /** Of scopes in types of parameters of scopes. */
  private nesting = 0;

  /** @param lines `.debug_line` of a program whose debug information is split */
  constructor(units: Units, symbols: Pick<SymbolTable, 'at'>, lines?: Buffer) {
    this.units = units;
    this.symbols = symbols;
    this.lines = lines;
  }

  /** The functions at each address that a unit of C++ describes, or one that gcc split. */
  find(addresses: readonly number[]): Map<number, FunctionsAt> {
    const found = new Map<number, FunctionsAt>();
    for (const { unit, inside } of this.units.around(addresses)) {
      const files = this.lines && isOfGcc(unit) ? this.units.filesOfSplit(unit, this.lines) : undefined;
      if (!files && !isOfCplusplus(unit)) continue;
      const tree = readTree(unit, inside);
      this.trees.set(unit, tree);
      for (const [address, chain] of tree.chains) {
        const inner = chain.toReversed();
        const functions = inner.map(({ declaration }) => this.functionAt(declaration));
        const calls = inner.map(({ callFile, callLine }) => ({ file: files?.[callFile], line: callLine }));
        found.set(address, files ? { functions, calls, files } : { functions });
      }
    }
    return found;
  }

  private functionAt(declaration: number): DeclaredFunction | undefined {
    if (!this.named.has(declaration)) this.named.set(declaration, this.read(declaration));
    return this.named.get(declaration);
  }

  private read(offset: number): DeclaredFunction | undefined {
    const entries = this.declarations(offset);
    const bare = first(entries, (entry) => textOf(entry, Attribute.NAME));
    if (bare === undefined) return undefined;
    const line = first(entries, (entry) => numberOf(entry, Attribute.DECL_LINE)) ?? this.firstLine(entries);
    const fileNumber = first(entries, (entry) => numberOf(entry, Attribute.DECL_FILE)) ?? 0;
    const unit = this.units.at(offset);
    const qualified = unit && isOfOther(unit) ? bare : this.qualified(entries, bare);
    return { bare, name: this.mangled(entries) ?? qualified, line, fileNumber };
  }

  /** The entry and those that it refers to for what it doesn't say itself. */
  private declarations(offset: number): Entry[] {
    const entries: Entry[] = [];
    for (let at: number | undefined = offset; at !== undefined && entries.length < maxReferences;) {
      const entry = this.entryAt(at);
      if (!entry) break;
      entries.push(entry);
      at = numberOf(entry, Attribute.SPECIFICATION) ?? numberOf(entry, Attribute.ABSTRACT_ORIGIN);
    }
    return entries;
  }

  /** The linkage name, or that of its code where it isn't inlined, so that both are one function. */
  private mangled(entries: readonly Entry[]): string | undefined {
    return first(entries, (entry) => {
      const linkage = textOf(entry, Attribute.LINKAGE_NAME) ?? textOf(entry, Attribute.MIPS_LINKAGE_NAME);
      if (linkage !== undefined) return linkage;
      const start = this.treeOf(entry.offset)?.code.get(entry.offset);
      const symbol = start === undefined ? undefined : this.symbols.at(start)?.name;
      return symbol?.startsWith('_Z') === true ? symbol : undefined;
    });
  }

  private qualified(entries: readonly Entry[], bare: string): string {
    const declared = entries.at(-1) as Entry;
    const scope = this.scopeName(declared.offset);
    const qualified = scope === '' ? bare : `${scope}::${bare}`;
    // The names of template functions' symbols begin with the type of the result, so that these can't be the same anyway.
    if (bare.includes('<') || isOfC(entries, scope)) return qualified;
    return qualified + (this.parameters(declared) ?? '');
  }

  /** A closure's `operator()` has no line; a parameter's is near. */
  private firstLine(entries: readonly Entry[]): number {
    for (const entry of entries)
      for (const child of this.children(entry)) {
        const line = numberOf(child, Attribute.DECL_LINE);
        if (line !== undefined) return line;
      }
    return 0;
  }

  /** What encloses a declaration, as demanglers write it; empty for nothing. */
  private scopeName(offset: number): string {
    // Only damaged data has a type inside itself.
    if (this.nesting >= maxReferences) return '';
    this.nesting++;
    const names: string[] = [];
    for (let at = offset; names.length < maxReferences;) {
      const parent = this.treeOf(at)?.parents.get(at) ?? 0;
      const entry = parent === 0 ? undefined : this.entryAt(parent);
      if (!entry) break;
      at = parent;
      if (entry.tag === Tag.SUBPROGRAM) {
        const entries = this.declarations(parent);
        const bare = first(entries, (e) => textOf(e, Attribute.NAME)) ?? '?';
        names.unshift(this.qualified(entries, bare));
        break;
      }
      names.unshift(this.classOrNamespace(entry));
    }
    this.nesting--;
    return names.join('::');
  }

  private classOrNamespace(entry: Entry): string {
    const name = textOf(entry, Attribute.NAME);
    if (entry.tag === Tag.NAMESPACE) return name ?? '(anonymous namespace)';
    return isUnnamedClass(entry) ? this.closureName(entry) : (name ?? '{unnamed type}');
  }

  /** As in the names of symbols: `{lambda(int)#2}`. Before 14, gcc numbers all lambdas of a function in one row. */
  private closureName(type: Entry): string {
    const tree = this.treeOf(type.offset);
    const all = tree?.closures.get(tree.parents.get(type.offset) ?? 0) ?? [];
    const signature = this.signature(type.offset);
    const counted = (tree?.gcc ?? 0) >= 14 ? all.filter((other) => this.signature(other) === signature) : all;
    const number = counted.indexOf(type.offset);
    return number < 0 ? '{unnamed type}' : `{lambda${signature}#${number + 1}}`;
  }

  private signature(closure: number): string {
    const entry = this.entryAt(closure);
    const call =
      entry && this.children(entry).find((c) => textOf(c, Attribute.NAME)?.startsWith('operator()') === true);
    return (call && this.parameters(call)?.replace(/ const$/, '')) ?? '()';
  }

  /** `(int, char) const`; undefined if a type is of a kind that isn't written here. */
  private parameters(declared: Entry): string | undefined {
    const types: string[] = [];
    let isConst = false;
    for (const child of this.children(declared)) {
      if (child.tag !== Tag.FORMAL_PARAMETER) continue;
      const type = numberOf(child, Attribute.TYPE);
      if (numberOf(child, Attribute.ARTIFICIAL) === 1) isConst ||= this.pointsToConst(type);
      else {
        const name = type === undefined ? undefined : this.typeName(type);
        if (name === undefined) return undefined;
        types.push(name);
      }
    }
    return `(${types.join(', ')})${isConst ? ' const' : ''}`;
  }

  /** Of `this`, a constant pointer: whether the function is a `const` one. */
  private pointsToConst(type: number | undefined): boolean {
    let entry = type === undefined ? undefined : this.entryAt(type);
    for (let i = 0; entry && i < maxReferences; i++) {
      const target = numberOf(entry, Attribute.TYPE);
      const next = target === undefined ? undefined : this.entryAt(target);
      if (entry.tag === Tag.POINTER) return next?.tag === Tag.CONST;
      entry = next;
    }
    return false;
  }

  private typeName(offset: number, depth = 0): string | undefined {
    const entry = depth > maxReferences ? undefined : this.entryAt(offset);
    if (!entry) return undefined;
    const target = numberOf(entry, Attribute.TYPE);
    const inner = () => (target === undefined ? 'void' : this.typeName(target, depth + 1));
    const suffixed = (suffix: string) => {
      const name = inner();
      return name === undefined ? undefined : name + suffix;
    };
    switch (entry.tag) {
      case Tag.BASE_TYPE:
        return baseType(textOf(entry, Attribute.NAME));
      case Tag.TYPEDEF:
        return inner();
      case Tag.CONST:
        return suffixed(' const');
      case Tag.VOLATILE:
        return suffixed(' volatile');
      case Tag.POINTER:
        return suffixed('*');
      case Tag.REFERENCE:
        return suffixed('&');
      case Tag.RVALUE_REFERENCE:
        return suffixed('&&');
      case Tag.CLASS:
      case Tag.STRUCTURE:
      case Tag.UNION:
      case Tag.ENUMERATION: {
        const scope = this.scopeName(entry.offset);
        return (scope === '' ? '' : `${scope}::`) + this.classOrNamespace(entry);
      }
    }
    return undefined;
  }

  private children(entry: Entry): Entry[] {
    const unit = this.units.at(entry.offset);
    const found: Entry[] = [];
    if (!unit || !entry.hasChildren) return found;
    for (let at = entry.end, depth = 0; at < unit.end;) {
      const child = readEntry(unit, at);
      if (!child) {
        if (depth-- === 0) break;
        at++;
        continue;
      }
      if (depth === 0) found.push(child);
      if (child.hasChildren) depth++;
      at = child.end;
    }
    return found;
  }

  private entryAt(offset: number): Entry | undefined {
    const unit = this.units.at(offset);
    return unit && readEntry(unit, offset);
  }

  private treeOf(offset: number): UnitTree | undefined {
    const unit = this.units.at(offset);
    if (!unit) return undefined;
    let tree = this.trees.get(unit);
    if (!tree) this.trees.set(unit, (tree = readTree(unit, [])));
    return tree;
  }
}

function isOfCplusplus({ root }: Unit): boolean {
  return cplusplus.has((root && numberOf(root, Attribute.LANGUAGE)) ?? 0);
}

/** Of another language than C++. What dwz moved to a unit of its own has none. */
function isOfOther(unit: Unit): boolean {
  return unit.root?.values.has(Attribute.LANGUAGE) === true && !isOfCplusplus(unit);
}

function isOfGcc({ root }: Unit): boolean {
  return ((root && textOf(root, Attribute.PRODUCER)) ?? '').startsWith('GNU ');
}

/** Visible to other files, yet without a linkage name: `extern "C"`, and `main`. */
function isOfC(entries: readonly Entry[], scope: string): boolean {
  return scope === '' && first(entries, (entry) => numberOf(entry, Attribute.EXTERNAL)) === 1;
}

function first<T>(entries: readonly Entry[], value: (entry: Entry) => T | undefined): T | undefined {
  for (const entry of entries) {
    const found = value(entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `long unsigned int`, as compilers call it, is `unsigned long` in the names of symbols. */
function baseType(name: string | undefined): string | undefined {
  if (name === undefined || !/\b(long|short|unsigned)\b/.test(name) || name.includes('double')) return name;
  const words = name.split(' ');
  const size = words.filter((word) => word === 'long' || word === 'short').join(' ');
  const kind = words.includes('char') ? 'char' : size === '' ? 'int' : size;
  return words.includes('unsigned') ? `unsigned ${kind}` : kind;
}
