import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPerfReport } from '../support/importBytes.js';
import { builtinCategories, OTHER } from '../../../src/core/categories/categories.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile } from '../../../src/core/export/exportProfile.js';
import { parseLab } from '../../../src/core/lab/loadLab.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { fixtureText, foldedProfile, root } from '../support/fixtures.js';
import { categoryOf } from '../support/categoryOf.js';
import { refusal } from '../support/refusal.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

describe('the classifier', () => {
  it('stops a rule that does not end, says so, and uses the others', () => {
    const hostile = `${'a'.repeat(60)}!`;
    const profile = foldedProfile(`main;${hostile} 3\nmain;malice 1`);
    const categories = [
      { name: 'Endless', rules: [{ symbol: '^(a+)+$' }, { symbol: '^mal' }] },
      { name: 'Rest', rules: [{ symbol: 'a!$' }] },
    ];
    const document = toDocument(profile, new Classifier(categories), null);
    expect(document.categories.map((c) => [c.name, c.selfPercent])).toEqual([
      ['Rest', 75],
      ['Endless', 25],
    ]);
    expect(document.notes).toEqual([
      expect.stringMatching(/^Ignored a rule of category Endless that takes too long: "\^\(a\+\)\+\$"/),
    ]);
  });

  it('gives up on a lab with many such rules, and keeps the shipped ones', () => {
    const hostile = Array.from({ length: 40 }, (_, i) => ({ symbol: `^(a+)+${i}$` }));
    const classifier = new Classifier([{ name: 'Endless', rules: hostile }, ...builtinCategories]);
    const profile = foldedProfile(`${'a'.repeat(60)};mi_malloc 1`);
    const names = Array.from(classifier.classifyAll(profile), (c) => classifier.names[c]);
    expect(names).toEqual([OTHER, 'mimalloc']);
    expect(classifier.problems.at(-1)).toMatch(/except the built-in ones/);
  });

  it('classifies every table once, and tells kernel modules from memory of a process', () => {
    const classifier = new Classifier(builtinCategories);
    const profile = foldedProfile('a;b 1');
    expect(classifier.classifyAll(profile)).toBe(classifier.classifyAll({ ...profile }));
    const of = (module: string) => classifier.names[categoryOf(classifier, 'f', module)];
    for (const module of ['[kernel.kallsyms]', '[guest.kernel.kallsyms]', '[ext4]', '/x/mlx5_core.ko.xz'])
      expect(of(module), module).toBe('Kernel');
    expect(of('[vdso]')).toBe('C library');
    for (const module of ['[heap]', '[unknown]', '/bin/vmlinux-tool/x'])
      expect(of(module), module).toBe(OTHER);
  });

  it("gives the reference's functions their categories, computed", () => {
    const lab = parseLab(labText(), 'native/hakmem-lab.json');
    const classifier = new Classifier([...lab.categories, ...builtinCategories]);
    const profile = ofEvent(importPerfReport(Buffer.from(fixtureText('reference.report.txt'))));
    const { categories } = toDocument(profile, classifier, null);
    expect(categories.reduce((sum, c) => sum + c.selfPercent, 0)).toBeCloseTo(100, 9);
    const names = categories.map((c) => c.name);
    for (const name of [
      'Address Lookup & Classification',
      'Pool Operations',
      'Metadata Management',
      'Front Gate',
      'Benchmark Driver',
      OTHER,
    ])
      expect(names).toContain(name);
  });

  it('draws categories in the colors that their authors chose', () => {
    const classifier = new Classifier([{ name: 'A', color: '#123456', rules: [{ symbol: '^a' }] }]);
    const svg = exportProfile({ profile: foldedProfile('a;b 1'), classifier, title: 't' }, 'svg').toString();
    expect(svg).toContain('fill="#123456"');
  });

  it('is refused with the place and the reason where a rule isn’t a regular expression', () => {
    const lab = JSON.parse(labText()) as { categories: { rules: object[]; color?: string }[] };
    lab.categories[1]?.rules.splice(0, 1, { symbol: '^(a' });
    const { detail } = refusal(() => parseLab(JSON.stringify(lab), 'lab'));
    expect(detail).toMatch(
      /not a valid regular expression: Unterminated group[^]*categories\[1\]\.rules\[0\]/,
    );
    const red = JSON.parse(labText()) as { categories: { color?: string }[] };
    Object.assign(red.categories[0] ?? {}, { color: 'red' });
    expect(refusal(() => parseLab(JSON.stringify(red), 'lab')).detail).toMatch(/a color like/);
  });
});

function labText(): string {
  return readFileSync(path.join(root, 'native/hakmem-lab.json'), 'utf8');
}
