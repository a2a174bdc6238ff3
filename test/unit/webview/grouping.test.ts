import { describe, expect, it } from 'vitest';
import { bestKind, groupingBy } from '../../../webview/store/grouping.js';
import { namespaceOf } from '../../../src/text/namespaces.js';
import type { PanelProfile } from '../../../src/wire/protocol.js';
import { fold, modelOf, panelProfile } from './profile.js';

/** Nothing has a category: as a lab without any leaves it. */
function withoutCategories(...lines: string[]) {
  const folded = fold(...lines);
  const { functions } = panelProfile(folded);
  const none: Partial<PanelProfile> = {
    categories: ['Other'],
    category: new Int32Array(functions.length).fill(0),
  };
  return modelOf(folded, {}, none).data;
}

describe('the coloring of a profile', () => {
  it('follows the categories where they cover it', () => {
    const folded = fold('mainn;ff 10', 'mainn;g;hhhh 10', 'mainn;ppp 10');
    const category = Int32Array.from([0, 1, 2, 3, 1]);
    const categories = ['A', 'B', 'C', 'D', 'Other'];
    expect(bestKind(modelOf(folded, {}, { category, categories }).data)).toBe('category');
  });

  it('follows namespaces where categories leave it gray, and a function in none belongs to its module', () => {
    const data = withoutCategories(
      'main;std::sort;std::swap 40',
      'main;app::run;app::work 30',
      'main;boost::any::get 20',
      'main;fmt::print 10',
    );
    expect(bestKind(data)).toBe('namespace');
    const { names, gray, groupOf } = groupingBy(data, 'namespace');
    expect(names).toEqual(['app', 'std', 'boost', 'fmt']);
    expect(gray).toBe(0);
    const main = data.find({ name: 'main', module: '/bin/app' });
    expect(names[groupOf(main)]).toBe('app');
  });

  it('tells functions apart where all of them are of one kind', () => {
    const data = withoutCategories('main;eval;lookup 40', 'main;eval;call 30', 'main;collect 30');
    expect(bestKind(data)).toBe('function');
    expect(groupingBy(data, 'function').names).toEqual(['main', 'eval', 'lookup', 'call', 'collect']);
  });

  it('gives hues to what covers most, and leaves tiny functions of a large profile uncounted', () => {
    const many = Array.from({ length: 40 }, (_, i) => `main;n${String(i)}::f ${String(i + 1)}`);
    const { names } = groupingBy(withoutCategories(...many), 'namespace');
    expect(names).toHaveLength(12);
    expect(names[0]).toBe('app');
    expect(names[1]).toBe('n39');
  });
});

describe('namespaceOf', () => {
  it.each([
    ['std::vector<…>::push_back', 'std'],
    ['{anonymous}::helper::f', 'helper'],
    ['<Vec<…> as Drop>::drop', 'Vec'],
    ['core::fmt::write', 'core'],
    ['net/http.(*conn).serve', 'net/http'],
    ['runtime.mallocgc', 'runtime'],
    ['main.main', 'main'],
    ['msort_with_tmp.part.0', ''],
    ['compute.constprop.0', ''],
    ['malloc', ''],
    ['operator new', ''],
    ['[unknown]', ''],
  ])('of %s is "%s"', (name, namespace) => {
    expect(namespaceOf(name)).toBe(namespace);
  });
});
