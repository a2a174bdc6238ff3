import { describe, expect, it } from 'vitest';
import { readPerfData } from '../../../src/core/perfData/reader.js';
import { toProfile } from '../../../src/core/perfData/toProfile.js';
import { findDefinition } from '../../../src/core/symbols/definitions.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { stripCloneSuffix } from '../../../src/core/symbols/cloneSuffix.js';
import { Addr2lineAnswer } from '../../../src/core/symbols/addr2line.js';
import { isAnonymous } from '../../../src/core/symbols/location.js';
import { LlvmAnswers } from '../../../src/core/symbols/llvmSymbolizer.js';
import type { SymbolFrame } from '../../../src/core/symbols/symbolTool.js';
import { fixture, fixtureText } from '../support/fixtures.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

const addresses = fixtureText('calls.addresses.txt').trim().split('\n').map(Number);
/** The frames in the output of a tool. */
function framesIn(answer: LlvmAnswers | Addr2lineAnswer, output: string): SymbolFrame[][] {
  for (const line of output.replace(/\n$/, '').split('\n')) answer.take(line);
  return answer.frames;
}

const llvm = framesIn(new LlvmAnswers(), fixtureText('calls.llvm.txt'));
const gnu = framesIn(new Addr2lineAnswer(), fixtureText('calls.addr2line.txt'));

describe('symbolizers', () => {
  it('agree on names and lines of every frame, inlined ones included', () => {
    const places = (frames: SymbolFrame[][]) =>
      frames.map((list) => list.map((f) => `${stripCloneSuffix(f.name)} ${f.file}:${f.line}`));
    expect(llvm).toHaveLength(addresses.length);
    expect(places(gnu)).toEqual(places(llvm));
    expect(llvm.some((frames) => frames.map((f) => f.name).join() === 'mix,once')).toBe(true);
  });

  it('find definitions: llvm by itself, addr2line by reading the source', () => {
    const source = fixtureText('src/calls.c').split('\n');
    for (const frame of llvm.flat()) {
      expect(source[frame.declarationLine - 1]).toContain(`${stripCloneSuffix(frame.name)}(`);
      expect(findDefinition(source, frame.name, frame.line)).toBe(frame.declarationLine);
    }
  });

  it('keep the line of an inlined function whose name is in a file that llvm-symbolizer does not read', () => {
    const answer = new LlvmAnswers();
    const frames = framesIn(
      answer,
      [
        'known\n  Filename: /a.c\n  Line: 1\n',
        '??\n  Filename: /a.c\n  Line: 5\nhot\n  Filename: /a.c\n  Line: 11\n',
        '??\n  Filename: ??\n  Line: 0\n\n',
      ].join('\n'),
    );
    expect(frames.map((list) => list.map(({ name, line }) => `${name}:${line}`))).toEqual([
      ['known:1'],
      ['[inlined]:5', 'hot:11'],
      [],
    ]);
    // These are asked again of addr2line.
    expect(answer.nameless).toEqual([1]);
  });

  it('do not take a call for a definition', () => {
    const source = ['static int f(int x) {', '  g(1);', '  int y = f(2);', '  return f(y);', '}'];
    expect(findDefinition(source, 'f', 4)).toBe(1);
    expect(findDefinition(source, 'h', 4)).toBe(0);
    expect(
      findDefinition(['template <class T>', 'T ns::Box<T>::get() {'], 'ns::Box<int>::get() const', 2),
    ).toBe(2);
  });
});

const recording = await readPerfData(fixture('calls.perf.data'));

describe('shared memory', () => {
  it.each([
    ['/dev/shm/build/program', false],
    ['/dev/shm/doublemapper (deleted)', true],
    ['/memfd:doublemapper (deleted)', true],
    ['/dev/zero (deleted)', true],
    ['//anon', true],
    ['/srv/program', false],
  ])('%s: is code of a runtime: %s', (module, expected) => {
    expect(isAnonymous(module)).toBe(expected);
  });
});

describe('a symbolized recording', () => {
  const symbols = {
    notes: [],
    frames: recording.locations.map(({ module, offset }) => {
      if (!module?.endsWith('/calls')) return [];
      // Callers were recorded one byte before the return address, for which the fixture has the answer.
      const i = addresses.findIndex((a) => a === offset || a === offset + 1);
      return llvm[i] ?? [];
    }),
  };
  const document = (inline: boolean) =>
    toDocument(ofEvent(toProfile(recording, symbols, { inline })), new Classifier([]), null);

  it('agrees with perf report to 0.01 points without inlining, self and total', () => {
    const without = document(false);
    const shares = (report: string) =>
      [...fixtureText(report).matchAll(/^\s*([\d.]+)%\s+\[\.\]\s+(\S+)/gm)].map(
        ([, percent, name]) => [name as string, Number(percent)] as const,
      );
    const self = shares('calls.report.txt');
    expect(self.length).toBeGreaterThan(1);
    for (const [name, percent] of self) {
      const own = without.functions.find((f) => f.name === name);
      expect(Math.abs((own?.selfPercent ?? -1) - percent), name).toBeLessThan(0.0051);
    }
    for (const [name, percent] of shares('calls.children.txt').filter(([n]) => !n.startsWith('__libc'))) {
      const own = without.functions.find((f) => f.name === name);
      expect(Math.abs((own?.totalPercent ?? -1) - percent), name).toBeLessThan(0.0051);
    }
  });

  it('splits a function into itself and what was inlined into it, and the parts add up', () => {
    const [inlined, whole] = [document(true), document(false)];
    const mix = inlined.functions.find((f) => f.name === 'mix');
    const parts = inlined.functions.filter((f) => ['mix', 'once', 'twice'].includes(f.name));
    const wholes = whole.functions.filter((f) => ['once', 'twice.constprop.0'].includes(f.name));
    expect(mix?.selfPercent).toBeGreaterThan(50);
    expect(mix?.line).toBe(6);
    const sum = (list: typeof parts) => list.reduce((total, f) => total + f.selfPercent, 0);
    expect(sum(parts)).toBeCloseTo(sum(wholes), 9);
  });

  it('has shares that add up to 100', () => {
    const { functions, categories } = document(true);
    expect(functions.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(100, 9);
    expect(categories.reduce((sum, c) => sum + c.selfPercent, 0)).toBeCloseTo(100, 9);
  });

  it('counts recursion once', () => {
    const recurse = document(true).functions.find((f) => f.name === 'recurse');
    expect(recurse?.totalPercent).toBeGreaterThan(20);
    expect(recurse?.totalPercent).toBeLessThan(50);
  });
});
