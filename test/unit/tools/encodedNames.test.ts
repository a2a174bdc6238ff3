import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile } from '../../../src/core/export/exportProfile.js';
import { importers, importProfile } from '../../../src/core/import/importProfile.js';
import { demangleAll } from '../../../src/core/symbols/demangle.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { fixture, recordingContext } from '../support/fixtures.js';
import { runImporter } from '../support/importBytes.js';
import { MemoryLimit } from '../../../src/core/memoryLimit.js';
import { roundedShares } from '../support/shares.js';

let folder: string;
const searched = process.env.PATH ?? '';
beforeAll(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-names-'))));
afterEach(() => (process.env.PATH = searched));
afterAll(() => rmSync(folder, { recursive: true }));

const read = async (name: string) => (await demangleAll([name], {}))(name);

describe('names as compilers encode them', () => {
  it.each([
    ['_ZN3foo3barEi', 'foo::bar(int)'],
    ['_ZN3foo3barEi.constprop.0', 'foo::bar(int) [clone .constprop.0]'],
    ['__ZN3foo3barEi', 'foo::bar(int)'],
    ['_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE', 'core::fmt::Write::write_fmt'],
    [
      '_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h8a7b6c5d4e3f2a1bE',
      '<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop',
    ],
    [
      '_$LT$T$u20$as$u20$core..convert..Into$LT$U$GT$$GT$::into::h8a7b6c5d4e3f2a1b',
      '<T as core::convert::Into<U>>::into',
    ],
    ['core::fmt::write::h8a7b6c5d4e3f2a1b', 'core::fmt::write'],
    ['_RNvCs1234_7mycrate3foo', 'mycrate::foo'],
    ['_RNvMs_NtCs1234_7mycrate3modNtB4_3Foo3bar.llvm.123', '<mycrate::mod::Foo>::bar'],
    ['_D1t1A1mMxFmZm', 't.A.m(ulong) const'],
    ['_D3std5stdio7writelnFZv', 'std.stdio.writeln()'],
    ['_Dmain', 'D main'],
    ['camlM__hot_81', 'M.hot_81'],
    ['camlStdlib__List__map_123', 'Stdlib.List.map_123'],
    ['camlM.hot_81', 'M.hot_81'],
    ['__solver_m_MOD_hot', 'solver_m::hot'],
    ['__m_MOD_hot.constprop.0', 'm::hot.constprop.0'],
    ['camlStdlib__$2b$2b_12', 'Stdlib.++_12'],
  ])('%s is %s', async (encoded, expected) => {
    expect((await read(encoded)).replace(/ ?\[clone \.llvm\.123\]| \(\.llvm\.123\)|\.llvm\.123/, '')).toBe(
      expected,
    );
  });

  it.each([
    'main',
    'main.(*T).foo',
    'github.com/a/b.Run.func1',
    '_start',
    '_Read',
    '_ZN3foo',
    '_Dynamic',
    'camlCase',
    '__MOD_hot',
    '__pthread_mutex_lock',
    'caml_alloc_small',
    'std::vector<int>::push_back(int const&)',
    'a::h0123',
    '_Z3fooi\n_Z3bari',
  ])('%s stays', async (name) => {
    expect(await read(name)).toBe(name);
  });

  it('are read by whichever tool is there, with a note where none is', async () => {
    const tool = path.join(folder, 'swift-demangle');
    // Stands in for the Swift toolchain, which is installed nowhere here.
    writeFileSync(tool, '#!/bin/sh\nexec /bin/sed -e s/^.s4main3fooyyF/main.foo/\n');
    chmodSync(tool, 0o755);
    process.env.PATH = folder;
    const notes = new Set<string>();
    const names = ['$s4main3fooyyF', '_$s4main3fooyyF', '_ZN7missing4toolEv', '_D7missing1fFZv'];
    const found = await demangleAll(names, {}, notes);
    expect(names.map(found)).toEqual(['main.foo', 'main.foo', ...names.slice(2)]);
    expect([...notes].join('\n')).toMatch(
      /C\+\+ or Rust stay as they are \(1\), since c\+\+filt.*\n.*of D stay/,
    );
    expect([...notes].join('\n')).toMatch(/binutils/);

    process.env.PATH = '/nowhere';
    notes.clear();
    await demangleAll(['$s4main3baryyF'], {}, notes);
    expect([...notes].join()).toMatch(/Swift stay.*\(1\).*swift-demangle.*Swift toolchain/);

    process.env.PATH = searched;
    expect((await demangleAll(names, {}))('_ZN7missing4toolEv')).toBe('missing::tool()');
  });

  it('are read however many there are', async () => {
    const names = Array.from({ length: 45_000 }, (_, i) => `_ZN4many${String(i).length + 1}f${i}Ev`);
    const found = await demangleAll(names, {});
    expect(names.filter((name, i) => found(name) !== `many::f${i}()`)).toEqual([]);
  });
});

describe('names in files of other tools', () => {
  const imported = async (name: string, content: string | Buffer) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return importProfile(file, {}, recordingContext());
  };
  const stacks = 'camlM__hot_81;_ZN3fooC1Ev 1\ncamlM__hot_81;_ZN3fooC2Ev 2\ncamlM__hot_81;_ZN3foo3barEi 1\n';
  const read = {
    'M.hot_81': { self: 0, total: 100 },
    'foo::foo()': { self: 75, total: 75 },
    'foo::bar(int)': { self: 25, total: 25 },
  };
  const classifier = new Classifier([]);

  it('are read in every format, and functions of one name are one', async () => {
    const encoded = runImporter(importers.folded(new MemoryLimit()), Buffer.from(stacks));
    for (const format of ['folded', 'speedscope', 'pprof'] as const) {
      const file = exportProfile({ profile: ofEvent(encoded), classifier, title: 't' }, format);
      const profile = await imported(`a.${format}`, file);
      expect(roundedShares(profile), format).toEqual(read);
      expect(profile.functions.length).toBe(3);
      expect(profile.samples.length).toBe(encoded.samples.length);
    }
    const callgrind =
      'events: Ir\nfn=(1) _ZN3fooC1Ev\n1 3\ncfn=(2) _ZN3foo3barEi\ncalls=1 2\n1 1\nfn=(2)\n2 1\n';
    expect(roundedShares(await imported('callgrind.out', callgrind))).toEqual({
      'foo::foo()': { self: 75, total: 100 },
      'foo::bar(int)': { self: 25, total: 25 },
    });
    const report =
      "# Samples: 4 of event 'cycles'\n# Overhead  Symbol\n    75.00%  [.] _ZN3fooC1Ev\n    25.00%  [.] _ZN3foo3barEi\n";
    expect(roundedShares(await imported('report.txt', report))).toMatchObject({ 'foo::foo()': { self: 75 } });
  });

  it('are those that perf printed encoded', async () => {
    const profile = await imported('script', fixture('encoded.script.txt'));
    const names = Object.keys(roundedShares(profile));
    expect(names).toContain('shapes::area(shapes::Square const&)');
    expect(names.some((name) => name.startsWith('_Z'))).toBe(false);
  });

  it('leave a profile as it is where there are none', async () => {
    const profile = await imported('calls', fixture('calls.script.txt'));
    expect(profile.notes.join()).not.toMatch(/[Ee]ncoded/);
  });
});
