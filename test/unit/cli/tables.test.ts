import { describe, expect, it } from 'vitest';
import { benchTable, profileTables, table } from '../../../src/cli/tables.js';
import type { ProfileDocument } from '../../../src/model/profileDocument.js';
import { medianInterval } from '../../../src/statistics/medianInterval.js';

const rows = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/));

describe('the tables of the command line', () => {
  it('show throughput, intervals and sizes like the editor', () => {
    const result = (allocator: string, samples: number[]) => ({
      allocator,
      opsPerSec: medianInterval(samples),
      peakRssBytes: 4.6 * 2 ** 20,
    });
    const text = benchTable([
      result('HAKMEM', [97.1e6, 98e6, 98.4e6, 99e6, 99.8e6, 98.2e6, 98.6e6]),
      result('system', [49.2e6, 49.2e6]),
      result('once', [49.2e6]),
    ]);
    expect(rows(text).slice(2)).toEqual([
      ['HAKMEM', '98.4M ops/s', '95% CI 97.1M–99.8M', '1.00×', '4.60 MiB', '7'],
      ['system', '49.2M ops/s', 'range 49.2M–49.2M', '0.50×', '4.60 MiB', '2'],
      ['once', '49.2M ops/s', '—', '0.50×', '4.60 MiB', '1'],
    ]);
  });

  it('show shares and counts like the editor, and name what is extrapolated or missing', () => {
    const func = (name: string, selfPercent: number) => ({
      name,
      module: null,
      file: null,
      line: null,
      selfPercent,
      totalPercent: selfPercent,
      category: 'Other',
    });
    const functions = [func('hot', 99.12345), func('a\u001b[2Jb', 0.87655)];
    const document: ProfileDocument = {
      event: 'cpu-clock:u',
      events: ['cpu-clock:u', 'page-faults:u'],
      fallback: { requested: 'cycles:u', reason: 'this virtual machine (KVM) has no hardware counters' },
      samples: 12345,
      processorSeconds: 2.5,
      functions,
      lines: [],
      categories: [{ name: 'Other', selfPercent: 100, functions }],
      stat: {
        counters: [{ event: 'instructions:u', value: 1234567, unit: '', runningPercent: 12.345 }],
        unavailable: [{ event: 'cycles:u', reason: 'not counted' }],
        derived: { instructionsPerOp: 123.456, instructionsPerOpSource: 'perf stat, including startup' },
        operations: 10000,
      },
      notes: ['A note with \u001b[2J in it.'],
    };
    const text = profileTables(document, { top: 1 });
    expect(text).toMatch(
      /^12,345 samples of cpu-clock:u, 2\.50 s of processor time\ncycles:u is unavailable: this virtual/,
    );
    expect(text).toContain('Events (choose one with --select): cpu-clock:u, page-faults:u');
    expect(text).toContain('Counters (10,000 operations)');
    expect(text).toMatch(/instructions:u +1,234,567 +extrapolated, counted 12\.3% of the time/);
    expect(text).toMatch(/instructions\/op +123 +perf stat, including startup/);
    expect(text).toMatch(/cycles:u +— +not counted/);
    expect(text).toMatch(/Top 1 function\n/);
    expect(text).toMatch(/hot +99\.1% +99\.1% +Other/);
    expect(text).toMatch(/Other +100% +hot, a\\x1b\[2Jb\nTotal +100%$/m);
    expect(text).toMatch(/\n\nNote: A note with \\x1b\[2J in it\.$/);
    const part = { name: 'C', selfPercent: 1, functions: [] };
    const many = profileTables(
      { ...document, categories: Array.from({ length: 4 }, () => part) },
      { top: 2 },
    );
    expect(many).toMatch(/C +1\.00% *\nC +1\.00% *\n2 more +2\.00% *\nTotal +4\.00% *\n/);
    const narrow = profileTables(document, { top: 1, terminal: { columns: 20, color: false } });
    expect(narrow).toMatch(/^12,345 samples of\ncpu-clock:u, 2\.50 s\nof processor time\ncycles:u is\n/);
    expect(narrow).toMatch(/\n\nNote: A note with\n\\x1b\[2J in it\.$/);
  });

  it('align columns, and never pass control characters to the terminal', () => {
    expect(table(['Name', 'Value'], ['left', 'right'], [['a\u0007\nb', '1,234']])).toBe(
      'Name      Value\n────────  ─────\na\\x07\\nb  1,234',
    );
  });
});
