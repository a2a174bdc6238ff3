import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importPerfScript } from '../support/importBytes.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile } from '../../../src/core/export/exportProfile.js';
import { detectFormat, type ImportFormat } from '../../../src/core/import/detect.js';
import { checked } from '../../../src/core/import/events.js';
import { importers } from '../../../src/core/import/importProfile.js';
import { pprofImporter } from '../../../src/core/import/pprof.js';
import { LabError } from '../../../src/core/labError.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { fixture } from '../support/fixtures.js';
import { refusal } from '../support/refusal.js';
import { MemoryLimit } from '../../../src/core/memoryLimit.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

type Format = Exclude<ImportFormat, 'perf.data'>;

const classifier = new Classifier([]);
const script = importPerfScript(fixture('variants.srcline.txt'));
const made = (format: 'speedscope' | 'pprof') =>
  Buffer.from(exportProfile({ profile: ofEvent(script), classifier, title: 't' }, format));

const evented = Buffer.from(
  JSON.stringify({
    shared: { frames: [{ name: 'a' }, { name: '__proto__' }] },
    profiles: [
      {
        type: 'evented',
        name: 'p',
        unit: 'none',
        startValue: 0,
        endValue: 9,
        events: [
          { type: 'O', frame: 0, at: 0 },
          { type: 'O', frame: 1, at: 2 },
          { type: 'C', frame: 1, at: 5 },
          { type: 'C', frame: 0, at: 9 },
        ],
      },
    ],
  }),
);

const seeds: readonly (readonly [Format, string, Buffer])[] = [
  ['perf-script', 'default fields', fixture('variants.default.txt')],
  ['perf-script', 'source lines', fixture('variants.srcline.txt')],
  ['perf-script', 'no call chains', fixture('flat.script.txt')],
  ['perf-report', 'call graphs', fixture('variants.report.txt')],
  ['perf-report', 'flat', fixture('reference.report.txt')],
  ['folded', 'recorded', fixture('calls.folded')],
  ['callgrind', 'lines', fixture('calls.callgrind.no')],
  ['callgrind', 'instructions', fixture('calls.callgrind.yes')],
  ['speedscope', 'sampled', made('speedscope')],
  ['speedscope', 'evented', evented],
  ['pprof', 'unpacked', gunzipSync(made('pprof'))],
];

/** A profile whose shares can be computed, or a LabError that says what is wrong. */
function readOrRefuse(format: Format, data: Buffer, pieces: number): void {
  try {
    const importer = importers[format](new MemoryLimit());
    const size = Math.max(1, Math.ceil(data.length / pieces));
    for (let at = 0; at < data.length; at += size) importer.write(data.subarray(at, at + size));
    const document = toDocument(ofEvent(checked(importer.finish(), 'file')), classifier, null);
    expect(document.functions.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(100, 4);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    expect(error.detail).not.toBe('');
  }
}

describe('damaged files', () => {
  it.each(seeds)('%s, %s: read or refused', (format, _, seed) => {
    const at = fc.nat(seed.length - 1);
    const change = fc.oneof(
      fc.record({ at, put: fc.uint8Array({ minLength: 1, maxLength: 12 }) }),
      fc.record({
        at,
        put: fc
          .constantFrom('9'.repeat(20), '-1', '\n', '\n\n', ';', ' ', '(1)', '1e308', '"', '{', '\t')
          .map((s) => Buffer.from(s)),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.option(at, { freq: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (changes, length, pieces) => {
          const damaged = Buffer.from(length === null ? seed : seed.subarray(0, length));
          for (const { at: where, put } of changes)
            Buffer.from(put).copy(damaged, Math.min(where, damaged.length));
          detectFormat(damaged, 'file');
          readOrRefuse(format, damaged, pieces);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('any bytes, as any format', () => {
    const formats = Object.keys(importers) as Format[];
    fc.assert(
      fc.property(fc.constantFrom(...formats), fc.uint8Array({ maxLength: 400 }), (format, data) => {
        detectFormat(Buffer.from(data), 'file');
        readOrRefuse(format, Buffer.from(data), 1);
      }),
      { numRuns: 500 },
    );
  });
});

/**
 * Each would take minutes or hours with work that grows with the square of the size. The limit is the one that every
 * test has; the sizes leave it a wide margin on a loaded machine.
 */
describe('hostile files are read or refused', () => {
  const size = 2 ** 21;
  const cases: readonly (readonly [Format, string, () => Buffer])[] = [
    ['perf-script', 'one endless line', () => Buffer.alloc(2 ** 24 + 1, 'a')],
    ['perf-script', 'colons', () => Buffer.alloc(size, ':')],
    ['perf-script', 'digits and spaces', () => Buffer.alloc(size, '1 ')],
    [
      'perf-script',
      'headers and frames without blank lines',
      () => Buffer.alloc(size, 'a 1 2.0: c:\n\t1 f (m)\n'),
    ],
    ['perf-script', 'addresses', () => Buffer.from(`${'deadbeef a '.repeat(size / 8)} )`)],
    ['perf-script', 'addresses and modules', () => Buffer.alloc(size, 'deadbeef a (b) ')],
    ['perf-report', 'percentages', () => Buffer.from('1% '.repeat(size / 3))],
    ['perf-report', 'counts', () => Buffer.from(`# Samples Overhead\n${'1 '.repeat(size / 2)}x`)],
    ['folded', 'tabs and numbers', () => Buffer.alloc(size, '1\t1 ')],
    ['perf-script', 'one stack', () => Buffer.from(`a 1 2.0: c:\n${'\t1 f (m)\n'.repeat(200_000)}\n`)],
    ['perf-script', 'parentheses', () => Buffer.from(`a 1 2.0: c:\n\t1 ${'('.repeat(size)})\n\n`)],
    ['perf-report', 'spaces', () => Buffer.alloc(size, ' ')],
    ['perf-report', 'brackets', () => Buffer.from(`1.00% ${'[.] '.repeat(size / 4)}`)],
    ['folded', 'one deep stack', () => Buffer.from(`${'a;'.repeat(size / 8)}b 1`)],
    ['folded', 'spaces', () => Buffer.alloc(size, ' ')],
    ['speedscope', 'nesting', () => Buffer.alloc(size, '[')],
    ['callgrind', 'words', () => Buffer.from(`events: Ir\nfn=f\n1 ${'1 '.repeat(size / 2)}\n`)],
    [
      'callgrind',
      'everything calls everything',
      () => {
        const names = Array.from({ length: 300 }, (_, i) => `f${i}`);
        const calls = names.map((n) => `cfn=${n}\ncalls=1 1\n1 1000\n`).join('');
        return Buffer.from(`events: Ir\n${names.map((n) => `fn=${n}\n1 5\n${calls}`).join('')}`);
      },
    ],
    ['pprof', 'endless fields', () => Buffer.alloc(size, 0x18)],
  ];
  it.each(cases)('%s: %s', (format, _, make) => {
    const data = make();
    readOrRefuse(format, data, Math.ceil(data.length / 2 ** 20));
  });

  it('pprof: one that is larger than the limit is refused where it reaches it', () => {
    const importer = pprofImporter(new MemoryLimit(), 2 ** 20);
    importer.write(Buffer.alloc(2 ** 20));
    expect(refusal(() => importer.write(Buffer.alloc(1)))).toMatchObject({
      code: 'profile-too-large',
      detail: 'It is larger than 1.00 MiB.',
    });
  });
});
