import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCategories, OTHER } from '../../../src/core/categories/categories.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { buildCallTree } from '../../../src/views/callTree.js';
import { functionCosts, lineCosts } from '../../../src/views/costs.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { foldedProfile, letterCategories } from '../support/fixtures.js';
import { categoryOf } from '../support/categoryOf.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

const name = fc.constantFrom('a1', 'a2', 'b1', 'c', 'd');
const folded = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((lines) => lines.map(([path, n]) => `${path.join(';')} ${n}`).join('\n'));

describe('call tree', () => {
  it('aggregates stacks by function, heaviest first, in preorder', () => {
    const profile = foldedProfile('main;a;b 2\nmain;c 5\nmain;a 1');
    const tree = buildCallTree(ofEvent(profile));
    const names = Array.from(tree.func, (f) => profile.strings[profile.functions.name[f] as number]);
    expect(names).toEqual([undefined, 'main', 'c', 'a', 'b']);
    expect([...tree.parent]).toEqual([-1, 0, 1, 1, 3]);
    expect([...tree.self]).toEqual([0, 0, 5, 1, 2]);
    expect([...tree.total]).toEqual([8, 8, 5, 3, 2]);
    expect([...tree.depth]).toEqual([0, 1, 2, 2, 3]);
    expect([...tree.deepest]).toEqual([3, 3, 2, 3, 3]);
    expect([...tree.end]).toEqual([5, 5, 3, 5, 5]);
    expect([...tree.start]).toEqual([0, 0, 0, 5, 5]);
  });

  it('loses nothing and keeps its invariants for any profile', () => {
    fc.assert(
      fc.property(folded, (text) => {
        const profile = foldedProfile(text);
        const tree = buildCallTree(ofEvent(profile));
        const all = profile.samples.weight.reduce((a, b) => a + b, 0);
        expect(tree.self.reduce((a, b) => a + b, 0)).toBe(all);
        const childTotal = new Float64Array(tree.length);
        for (let n = 0; n < tree.length; n++) {
          const parent = tree.parent[n] as number;
          expect(parent).toBeLessThan(n);
          if (parent >= 0) childTotal[parent] = (childTotal[parent] as number) + (tree.total[n] as number);
        }
        for (let n = 0; n < tree.length; n++) {
          expect(tree.total[n]).toBe((tree.self[n] as number) + (childTotal[n] as number));
        }
      }),
    );
  });
});

describe('function costs', () => {
  it('count a sample once for a function that recurs', () => {
    fc.assert(
      fc.property(folded, (text) => {
        const profile = foldedProfile(text);
        const { self, total, all } = functionCosts(ofEvent(profile));
        const wanted = new Map<string, number>();
        for (const line of text.split('\n')) {
          const [path = '', weight = ''] = line.split(' ');
          for (const f of new Set(path.split(';'))) wanted.set(f, (wanted.get(f) ?? 0) + Number(weight));
        }
        for (let f = 0; f < profile.functions.length; f++) {
          expect(total[f]).toBe(wanted.get(profile.strings[profile.functions.name[f] as number] as string));
        }
        expect(self.reduce((a, b) => a + b, 0)).toBe(all);
      }),
    );
  });

  it('put each sample on the line of its innermost frame', () => {
    expect(lineCosts(foldedProfile('main;a 3\nmain 1\nb;a 2'))).toEqual([
      { file: '/src/a.c', line: 2, self: 5 },
      { file: '/src/main.c', line: 2, self: 1 },
    ]);
  });
});

describe('categories', () => {
  it('take the first rule that matches, all patterns of a rule, and Other for the rest', () => {
    const classifier = new Classifier(letterCategories);
    expect(classifier.names).toEqual(['A', 'B', OTHER]);
    expect(categoryOf(classifier, 'alloc')).toBe(0);
    expect(categoryOf(classifier, 'x', '/usr/lib/x.so', 'x.cc')).toBe(1);
    expect(categoryOf(classifier, 'x', '/usr/lib/x.so', 'x.c')).toBe(2);
    expect(categoryOf(new Classifier([{ name: 'Exact', rules: [{ symbol: '^f$' }] }]), 'f.constprop.0')).toBe(
      0,
    );
  });

  it('merge the rules of two entries with one name', () => {
    const classifier = new Classifier([...letterCategories, { name: 'A', rules: [{ symbol: '^z' }] }]);
    expect(classifier.names).toEqual(['A', 'B', OTHER]);
    expect(categoryOf(classifier, 'zoo')).toBe(0);
  });

  it('know the libraries that programs usually contain', () => {
    const classifier = new Classifier(builtinCategories);
    const category = (symbol: string, module: string, file = '') =>
      classifier.names[categoryOf(classifier, symbol, module, file)];
    const libc = '/usr/lib/x86_64-linux-gnu/libc.so.6';
    expect(category('_int_free', libc)).toBe('C library allocator');
    expect(category('cfree', libc)).toBe('C library allocator');
    expect(category('memcpy', libc)).toBe('C library');
    expect(category('mi_free', '/tmp/bench_mi')).toBe('mimalloc');
    expect(category('whatever', '/usr/lib/libjemalloc.so.2')).toBe('jemalloc');
    expect(category('[kernel]', '[kernel]')).toBe('Kernel');
    expect(category('[plt]', '/tmp/program')).toBe('C library');
    expect(category('main', '/tmp/program')).toBe(OTHER);
  });

  it('have shares that add up to 100 for any profile', () => {
    fc.assert(
      fc.property(folded, (text) => {
        const document = toDocument(foldedProfile(text), new Classifier(letterCategories), null);
        expect(document.categories.reduce((sum, c) => sum + c.selfPercent, 0)).toBeCloseTo(100, 9);
        for (const c of document.categories) {
          expect(c.functions.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(c.selfPercent, 9);
        }
      }),
    );
  });
});
