import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileTables, table } from '../../../src/cli/tables.js';
import type { ProfileDocument } from '../../../src/model/profileDocument.js';
import { escaped, escapedJson, escapedLines, printable } from '../../../src/text/printable.js';

/** What a terminal may obey, what ends a line, and what reverses text. */
// eslint-disable-next-line no-control-regex
const active = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const hostile = 'a\x1b[31m\0\x9b\r\n\tb\u202e\x7f';

describe('text of a file in a terminal', () => {
  it('shows what would be obeyed, and leaves the rest', () => {
    expect(escaped(hostile)).toBe('a\\x1b[31m\\x00\\x9b\\r\\n\\tb\\u202e\\x7f');
    expect(escaped('std::vector<int> ä 日本')).toBe('std::vector<int> ä 日本');
    expect(escapedLines('one\x07\ntwo')).toBe('one\\x07\ntwo');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(active);
      }),
    );
  });

  it('as JSON says the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = escapedJson(JSON.stringify({ text }));
        expect(json).not.toMatch(active);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });

  it('leaves tables tables', () => {
    const rows = table(
      ['Name', 'Share'],
      ['left', 'right'],
      [
        [hostile, '1'],
        ['b', '22'],
      ],
    ).split('\n');
    expect(rows).toHaveLength(4);
    expect(rows[2]?.length).toBe(rows[3]?.length);
    const document: ProfileDocument = {
      event: hostile,
      events: [hostile, 'other'],
      samples: 1,
      functions: [
        {
          name: hostile,
          module: hostile,
          file: null,
          line: null,
          selfPercent: 100,
          totalPercent: 100,
          category: 'Other',
        },
      ],
      lines: [],
      categories: [{ name: hostile, selfPercent: 100, functions: [{ name: hostile, selfPercent: 100 }] }],
      stat: null,
      notes: [hostile],
      fallback: { requested: hostile, reason: hostile },
    };
    expect(profileTables(document, { top: 20 }).replaceAll('\n', ' ')).not.toMatch(active);
  });
});

describe('a name from outside', () => {
  it('carries no control characters and no change of direction', () => {
    expect(printable('a\nb\u202Ec\u0000')).toBe('a\ufffdb\ufffdc\ufffd');
    expect(printable('std::vector<int>')).toBe('std::vector<int>');
  });
});
