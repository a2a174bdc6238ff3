import { describe, expect, it } from 'vitest';
import { importPerfReport, importPerfScript } from '../support/importBytes.js';
import { detectFormat } from '../../../src/core/import/detect.js';
import { NOT_LISTED } from '../../../src/core/import/perfReport.js';
import { readPerfData } from '../../../src/core/perfData/reader.js';
import { toProfile } from '../../../src/core/perfData/toProfile.js';
import { lineCosts } from '../../../src/views/costs.js';
import { PerfScriptImporter } from '../../../src/core/import/perfScript.js';
import { fixture, fixtureText } from '../support/fixtures.js';
import { reportRows, roundedShares, selfSum, shares } from '../support/shares.js';
import { eventNamed } from '../../../src/core/import/events.js';
import { bytes, refusal } from '../support/refusal.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

describe('perf report text', () => {
  it("has the reference's shares as printed, and what it leaves out", () => {
    const profile = importPerfReport(fixture('reference.report.txt'));
    const printed = reportRows(fixtureText('reference.report.txt'));
    const read = shares(profile);
    expect(printed.size).toBe(31);
    for (const [name, percent] of printed) expect(read.get(name)?.self.toFixed(2)).toBe(percent);
    const listed = [...printed.values()].reduce((sum, p) => sum + Number(p), 0);
    expect(read.get(NOT_LISTED)?.self).toBeCloseTo(100 - listed, 6);
    expect(selfSum(profile)).toBeCloseTo(100, 9);
    expect(profile.events[0]?.name).toBe('cycles:u');
    expect(profile.notes.join('\n')).toMatch(/656 samples/);
  });

  it('takes the self share of a report with totals and call graphs, and the module', () => {
    const profile = importPerfReport(fixture('variants.report.txt'));
    const script = shares(importPerfScript(fixture('variants.default.txt')));
    for (const [name, { self }] of shares(profile)) expect(self).toBeCloseTo(script.get(name)?.self ?? -1, 1);
    expect(profile.strings).toContain('libc.so.6');
    expect(profile.notes.join('\n')).toMatch(/Totals/);
  });

  it('finds the symbol between other columns, and passes over stacks below the rows', () => {
    const text = [
      "# Samples: 99  of event 'cpu-clock:u'",
      '#',
      '# Overhead       Samples  Shared Object  Symbol                 Command',
      '# ........  ............  .............  .....................  .......',
      '#',
      '    66.67%            66  libx.so        [.] twice.constprop.0  calls  ',
      '66.67% __libc_start_call_main;twice.constprop.0',
      '    33.33%            33  calls          [.] f(int,  long)      a b    ',
    ].join('\n');
    const profile = importPerfReport(bytes(text));
    expect(roundedShares(profile)).toEqual({
      'twice.constprop.0': { self: 66.67, total: 66.67 },
      'f(int,  long)': { self: 33.33, total: 33.33 },
    });
    expect(profile.strings).toContain('libx.so');
  });

  it('keeps every event', () => {
    const text = ['a', 'b']
      .map((e) => `# Samples: 1K of event '${e}:u'\n#\n# Overhead  Symbol\n   100.00%  [.] in_${e}\n`)
      .join('\n');
    const profile = importPerfReport(bytes(text));
    expect(profile.events).toEqual([
      { name: 'a:u', unit: 'percent' },
      { name: 'b:u', unit: 'percent' },
    ]);
    expect(roundedShares(profile)).toEqual({ in_a: { self: 100, total: 100 } });
    const second = eventNamed(profile, 'b:u');
    expect(roundedShares(profile, 6, second)).toEqual({ in_b: { self: 100, total: 100 } });
    expect(refusal(() => eventNamed(profile, 'c')).detail).toMatch(/a:u \(percent\), b:u/);
  });
});

describe('perf script text', () => {
  it('gives the same functions as the same recording read from perf.data', async () => {
    const recording = await readPerfData(fixture('calls.perf.data'));
    // The symbols that perf found, by address: the program itself was not kept.
    const names = new Map<number, string>();
    for (const [, ip = '', name = ''] of fixtureText('calls.script.txt').matchAll(
      /^\t *([0-9a-f]+) (\S+) \(/gm,
    ))
      names.set(Number.parseInt(ip, 16), name);
    const frames = recording.locations.map(({ offset }) => {
      // A caller's location is one byte before the return address that perf prints.
      const name = names.get(offset) ?? names.get(offset + 1);
      const place = { file: undefined, line: 0, declarationFile: undefined, declarationLine: 0 };
      return name === undefined ? [] : [{ name, ...place }];
    });
    const direct = toProfile(recording, { frames, notes: [] }, { inline: false });
    const text = importPerfScript(fixture('calls.script.txt'));
    expect(roundedShares(text)).toEqual(roundedShares(direct));
    expect(text.samples.length).toBe(recording.samples.length);
    expect(Array.from(text.samples.weight)).toEqual(Array.from(recording.samples.weight));
    expect(text.events[0]?.name).toBe('cpu-clock:u');
    expect(text.threads).toEqual(recording.threads);
  });

  it('agrees with perf report of the same recording', () => {
    const own = shares(importPerfScript(fixture('calls.script.txt')));
    const percent = (name: string, of: 'self' | 'total') => own.get(name)?.[of].toFixed(2);
    for (const [name, share] of reportRows(fixtureText('calls.report.txt')))
      expect(percent(name, 'self')).toBe(share);
    for (const [name, share] of reportRows(fixtureText('calls.children.txt')))
      expect(percent(name, 'total')).toBe(share);
    const flat = importPerfScript(fixture('flat.script.txt'));
    for (const [name, share] of reportRows(fixtureText('flat.report.txt')))
      expect(shares(flat).get(name)?.self.toFixed(2)).toBe(share);
    expect(selfSum(flat)).toBeCloseTo(100, 9);
  });

  it('reads every layout of fields, with LF and CRLF', () => {
    const expected = roundedShares(importPerfScript(fixture('variants.default.txt')), 3);
    for (const name of ['noperiod', 'headerless', 'notime', 'srcline']) {
      const text = fixtureText(`variants.${name}.txt`);
      expect(roundedShares(importPerfScript(bytes(text)), 3), name).toEqual(expected);
      const crlf = bytes(text.replaceAll('\n', '\r\n'));
      expect(detectFormat(crlf, 'x'), name).toBe('perf-script');
      expect(roundedShares(importPerfScript(crlf), 3), name).toEqual(expected);
    }
    const lines = lineCosts(ofEvent(importPerfScript(fixture('variants.srcline.txt'))));
    expect(lines.map((l) => l.file)).toContain('calls.c');
  });

  it('makes inlined functions frames of the module they were inlined into', () => {
    // perf prints no module with them, and the address of the function that was really called.
    const text = [
      'calls 12/12  1.000000:          1 cpu-clock:u: ',
      '\t            120b mix (inlined)',
      '\t            120b twice (/bin/calls)',
      '\t           2724a main (/bin/calls)',
      '',
      '',
    ].join('\n');
    const { functions, frames, stacks, strings } = importPerfScript(bytes(text));
    const names = Array.from(functions.name, (n) => strings[n]);
    expect(names).toEqual(['main', 'twice', 'mix']);
    expect(Array.from(functions.module, (m) => strings[m])).toEqual([
      '/bin/calls',
      '/bin/calls',
      '/bin/calls',
    ]);
    expect(Array.from(frames.inlined)).toEqual([0, 0, 1]);
    expect(Array.from(stacks.parent)).toEqual([-1, 0, 1]);
  });

  it('does not depend on where the pieces of the file end', () => {
    const text = fixture('variants.default.txt');
    const whole = importPerfScript(text);
    for (const size of [1, 7, 100, 1000]) {
      const importer = new PerfScriptImporter();
      for (let at = 0; at < text.length; at += size) importer.write(text.subarray(at, at + size));
      expect(importer.finish()).toEqual(whole);
    }
  });

  it('reads the usual form from bytes as it reads any form line by line', () => {
    for (const name of ['variants.default.txt', 'calls.script.txt', 'events.script.txt']) {
      const text = fixtureText(name);
      // Spaces for the tabs, or no indentation at all, make the text unusual and change nothing else.
      const whole = importPerfScript(bytes(text));
      expect(importPerfScript(bytes(text.replaceAll('\t', ' '))), name).toEqual(whole);
      expect(importPerfScript(bytes(text.replace(/^\s+(?=[0-9a-f]{4})/gm, ''))), name).toEqual(whole);
    }
  });

  it('reads names with spaces, kernel, Java and unknown frames, offsets, processors, and odd modules', () => {
    const text = [
      'Web Content:0 4242/4243 [003]  12.500000:     250000 cycles:uppp: ',
      '\tffffffff81234567 native_safe_halt+0x12 ([kernel.kallsyms])',
      '\t    7f0000001234 Lcom/foo/Bar;::baz(int (*)(long))+0x4 (/tmp/perf-4242.map)',
      '\t    7f0000001235 std::map<a, b>::at(int) const (/opt/my app/lib (1).so (deleted))',
      '\t    7f0000001236 [unknown] (/usr/lib/libx.so)',
      '\t    7f0000001237 [unknown] (//anon)',
      '\t    7f0000001238 [unknown] ([unknown])',
      '\t               0 [unknown] ([unknown])',
      '',
      'kworker/0:1-events 7 [000] 13.000000: cycles:uppp: ',
      '\tffffffff81234568 worker ([kernel.kallsyms])',
      '',
    ].join('\n');
    const profile = importPerfScript(bytes(text));
    expect([...shares(profile).keys()]).toEqual(
      [
        '[unknown]',
        '[unknown]',
        '[libx.so]',
        'std::map<a, b>::at(int) const',
        'Lcom/foo/Bar;::baz(int (*)(long))',
        'native_safe_halt',
        'worker',
      ].filter((name, i, all) => all.indexOf(name) === i),
    );
    expect(profile.strings).toContain('/opt/my app/lib (1).so (deleted)');
    expect(profile.threads).toEqual([
      { pid: 4242, tid: 4243, name: 'Web Content:0' },
      { pid: 7, tid: 7, name: 'kworker/0:1-events' },
    ]);
    expect(Array.from(profile.samples.time)).toEqual([0, 0.5]);
    expect(Array.from(profile.samples.weight)).toEqual([250000, 1]);
    expect(profile.events[0]?.name).toBe('cycles:uppp');
  });

  it("reads simpleperf's tabs, and the methods that a JIT compiled into one as frames", () => {
    const simpleperf = [
      'Gecko\t25122 [007] 115539.936601:\t\t1000000 task-clock:u:',
      '        b3cea6c4\tLock::unlock() (/system/lib/libc.so)',
      '        99070c55\tmalloc (/data/lib (1).so)',
      '',
    ].join('\n');
    const android = importPerfScript(bytes(simpleperf));
    expect(android.events).toEqual([{ name: 'task-clock:u' }]);
    expect(Array.from(android.samples.weight)).toEqual([1e6]);
    expect(android.threads).toEqual([{ pid: 25122, tid: 25122, name: 'Gecko' }]);
    expect([...shares(android).keys()]).toEqual(['malloc', 'Lock::unlock()']);

    const java = [
      'java 7/8 1.0: 1 c: ',
      '\t7f01 Lsun/A;::get->Lsun/B$1;::read->Lsun/C;::peek (/tmp/perf-7.map)',
      '\t7f02 std::shared_ptr<int>::operator->() const (/a)',
      '',
    ].join('\n');
    const profile = importPerfScript(bytes(java));
    expect([...shares(profile).keys()]).toEqual([
      'std::shared_ptr<int>::operator->() const',
      'Lsun/A;::get',
      'Lsun/B$1;::read',
      'Lsun/C;::peek',
    ]);
    expect(Array.from(profile.frames.inlined)).toEqual([0, 0, 1, 1]);
  });

  it('calls a thread as it is called last, and tells threads without ids apart by their names', () => {
    const executed = importPerfScript(
      bytes('perf 7/7 1.0: c: \n\t1234 a (m)\n\nsleep 7/7 2.0: c: \n\t1234 a (m)\n'),
    );
    expect(executed.threads).toEqual([{ pid: 7, tid: 7, name: 'sleep' }]);
    const nameless = importPerfScript(
      bytes('my app 1.0: c: \n\t1234 a (m)\n\nother 2.0: c: \n\t1234 a (m)\n'),
    );
    expect(nameless.threads.map((thread) => thread.name)).toEqual(['my app', 'other']);
  });

  it('keeps every event with its samples, as many as a profile can hold', () => {
    const text = fixtureText('events.script.txt');
    const profile = importPerfScript(bytes(text));
    expect(profile.events).toEqual([{ name: 'cpu-clock' }, { name: 'task-clock' }]);
    const alone = (event: string) => {
      const others = text.split('\n\n').filter((sample) => sample.includes(` ${event}:`));
      return roundedShares(importPerfScript(bytes(`${others.join('\n\n')}\n`)));
    };
    expect(roundedShares(profile)).toEqual(alone('cpu-clock'));
    expect(roundedShares(profile, 6, 1)).toEqual(alone('task-clock'));
    expect(profile.samples.length).toBe(text.match(/^\S.*-clock:/gm)?.length);
    const many = Array.from({ length: 300 }, (_, i) => `a 1 ${i}.0: e${i}: \n\t1 f (m)\n\n`).join('');
    const read = importPerfScript(bytes(many));
    expect([read.events.length, read.samples.length]).toEqual([255, 255]);
    expect(read.notes).toEqual(['Only the first 255 events are shown; 45 samples of other events skipped.']);
  });

  it('finds a stack below a blank line, and none where there is none', () => {
    const text = ['a 1 1.0: 5 c:\n\n\t1234 f (m)\n', 'a 1 2.0: 7 c:\n', 'a 1 3.0: 9 c:\n\t1234 f (m)\n'];
    const profile = importPerfScript(bytes(text.join('\n')));
    expect(profile.events).toEqual([{ name: 'c' }]);
    expect(Array.from(profile.samples.weight)).toEqual([5, 7, 9]);
    expect(roundedShares(profile, 0).f).toEqual({ self: 67, total: 67 });
  });

  it('says which lines aren’t samples', () => {
    const noisy = importPerfScript(bytes(`Warning, something\n\n${fixtureText('variants.default.txt')}`));
    expect(noisy.notes).toEqual(['Skipped 1 line outside of samples, the first one at line 1.']);
    expect(refusal(() => importPerfScript(bytes('nothing here\n'))).detail).toMatch(/line 1/);
  });
});

describe('perf script text that was cut', () => {
  const text = fixtureText('calls.script.txt');
  const whole = importPerfScript(bytes(text));

  it.each([1, 2, 3, 5, 7])('at its start keeps its event and whole samples (%i)', (lines) => {
    // Within the line where the cut is, too.
    const cut = text.split('\n').slice(lines).join('\n').slice(9);
    const profile = importPerfScript(bytes(cut));
    expect(profile.events).toEqual(whole.events);
    expect(profile.samples.length).toBeGreaterThanOrEqual(whole.samples.length - lines);
    expect(profile.samples.length).toBeLessThan(whole.samples.length);
  });

  it('says so where it can be seen', () => {
    const cut = importPerfScript(bytes(`\t 401136 inner+0x6 (/bin/a)\n\n${text}`));
    expect(roundedShares(cut)).toEqual(roundedShares(whole));
    expect(cut.notes.join()).toMatch(/Skipped 1 stack without/);
    // Where no sample has a header, nothing was cut.
    const stacks = importPerfScript(bytes('\t 401136 inner+0x6 (/bin/a)\n\n\t 401140 outer+0x6 (/bin/a)\n'));
    expect(stacks.notes).toEqual([]);
    expect(stacks.samples.length).toBe(2);
  });
});
