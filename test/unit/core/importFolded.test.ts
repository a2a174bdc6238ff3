import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../src/core/import/detect.js';
import { FoldedImporter } from '../../../src/core/import/folded.js';
import type { Profile } from '../../../src/model/profile.js';
import { numberOfSamples } from '../../../src/views/sampleCount.js';
import { bytes, refusal } from '../support/refusal.js';
import { runImporter } from '../support/importBytes.js';

const read = (text: string, counts?: 1 | 2) => runImporter(new FoldedImporter(counts), bytes(text));

/** Its stacks, outermost first, with their weights, in the order of the file. */
function stacksOf({ strings, functions, frames, stacks, samples }: Profile): (readonly [string, number])[] {
  return Array.from(samples.stack, (stack, i) => {
    const names: string[] = [];
    for (let at = stack; at >= 0; at = stacks.parent[at] as number)
      names.unshift(
        strings[functions.name[frames.func[stacks.frame[at] as number] as number] as number] ?? '',
      );
    return [names.join(' → '), samples.weight[i] as number];
  });
}

const stacks = (text: string, counts?: 1 | 2) => stacksOf(read(text, counts));

describe('names of folded stacks', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['Latin-1', 'a;\xe9t\xe9 3\na;\xfct\xe9 1', ['a → été', 'a → üté']],
    [
      'cut within a character',
      'a;\xe6\x97\xa5\xe6\x9c 3\na;\xe6\x97\xa5\xe6\x9d 1',
      ['a → 日æ\x9c', 'a → 日æ\x9d'],
    ],
    ['half a surrogate pair', 'a;\xed\xa0\xbd 1', ['a → \xed\xa0\xbd']],
    ['UTF-8', 'a;\xc3\xa9 1', ['a → é']],
  ])('that are %s stay apart', (_, text, expected) => {
    const profile = runImporter(new FoldedImporter(), Buffer.from(text, 'latin1'));
    expect(stacksOf(profile).map(([names]) => names)).toEqual(expected);
  });
});

describe('a line of folded stacks', () => {
  it.each<readonly [string, string, string, number]>([
    ['a name that begins with #', '#<Class:Job>#run;Job#work 5', '#<Class:Job>#run → Job#work', 5],
    ['# within names', 'main;Array#each;block in #x 2', 'main → Array#each → block in #x', 2],
    ['a padded count', 'a;b    5', 'a → b', 5],
    ['tabs', 'a;b c\t\t5', 'a → b c', 5],
    ['blanks behind the count', 'a;b 5 \t', 'a → b', 5],
    ['blanks before the stack', '  a;b 5', 'a → b', 5],
    ['lines of Windows', 'a;b 5\r', 'a → b', 5],
    ['separators at the end', 'a;b;; 5', 'a → b', 5],
    ['a separator and blanks', 'a;b;  5', 'a → b', 5],
    ['an empty name within', 'a;;b 5', 'a → [unknown] → b', 5],
    ['an empty name before', ';a 5', '[unknown] → a', 5],
    ['no name at all', '; 5', '[unknown]', 5],
    ['a decimal count', 'a;b 2.5', 'a → b', 2.5],
    ['a count that ends with a point', 'a;b 2.', 'a → b', 2],
    ['numbers in names', 'worker 1;pool 2 of 3 ways 7', 'worker 1 → pool 2 of 3 ways', 7],
    ['names of PHP', '{main};{closure} 3', '{main} → {closure}', 3],
    ['a byte of a letter that Latin-1 has for a blank', 'à;sà  3', 'à → sà', 3],
    ['a thread called like a sample of perf script', 'worker 12 3.5: x;f 3', 'worker 12 3.5: x → f', 3],
  ])('has %s', (_, line, expected, count) => {
    expect(stacks(`${line}\n`)).toEqual([[expected, count]]);
    expect(detectFormat(bytes(`${line}\n${line}\n`), 'a')).toBe('folded');
  });

  it.each(['perf: 3 samples lost', 'a;b', 'a;b five', 'a;b -5', 'a;b 5%', '#a comment', '5', 'a;b 0x5'])(
    'is left out and counted when no count ends it: %s',
    (odd) => {
      const profile = read(`a;b 1\n${odd}\n\na;c 2\n`);
      expect(stacksOf(profile)).toEqual([
        ['a → b', 1],
        ['a → c', 2],
      ]);
      expect(profile.notes).toEqual([
        `Lines without a count are left out (1 of 4); the first is line 2: ${odd}`,
      ]);
      expect(refusal(() => read(`${odd}\n`)).detail).toMatch(/no stack with a count/);
    },
  );

  it('that may be meant as a comment is read as flamegraph.pl reads it, with a note', () => {
    const profile = read('# total 12\n#f;g 3\na;# b 4\n# a comment\n');
    expect(stacksOf(profile)).toHaveLength(3);
    expect(profile.notes).toHaveLength(1);
    expect(profile.notes.join()).toMatch(/begin with "# ".*\(1 of 4\)/);
  });

  it('of what Austin says about its profile isn’t a stack', () => {
    const profile = read('# austin: 3.3.0\n# mode: wall\n\nP1;T1;f 5\n\n# duration: 23873\n');
    expect(stacksOf(profile)).toEqual([['P1 → T1 → f', 5]]);
    expect(profile.notes).toEqual([
      'Lines like "# duration: 12" are read as comments, not as stacks (1 of 6).',
    ]);
  });

  it('keeps its count and its names whatever blanks are around them', () => {
    const blank = fc.stringMatching(/^[ \t]{1,4}$/);
    const name = fc.stringMatching(/^[#a-z(][a-z0-9 #]{0,6}[a-z#)]$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.nat(1000), blank, blank), {
          minLength: 1,
          maxLength: 10,
        }),
        (lines) => {
          const text = lines.map(([names, n, before, after]) => `${names.join(';')}${before}${n}${after}\n`);
          expect(stacks(text.join(''))).toEqual(lines.map(([names, n]) => [names.join(' → '), n]));
        },
      ),
    );
  });
});

describe('two counts of each stack', () => {
  const kinds = (text: string, counts?: 1 | 2) => read(text, counts).events.map(({ name }) => name);
  const two = ['samples', 'samples before'];

  it('are told from names that end with numbers, which repeat a stack', () => {
    expect(kinds('main;f 3 5\nmain;g 0 2\n')).toEqual(two);
    expect(stacks('main;worker 1 5\nmain;worker 2 7\n')).toEqual([
      ['main → worker 1', 5],
      ['main → worker 2', 7],
    ]);
    expect(kinds('worker 1;f 5\nworker 1;g 7\n')).toEqual(['samples']);
    // An odd line among them tells nothing.
    expect(kinds('main;f 3 5\nperf: lost\nmain;g 0 2\n')).toEqual(two);
  });

  it('stand for as many samples each', () => {
    expect(numberOfSamples(read('main;f 30\nmain;g 4\nmain;g 1\n'))).toBe(35);
  });

  it('can be named where the file does not tell', () => {
    expect(read('main;f 3 5\n').notes.join()).toMatch(/--format folded/);
    expect(stacks('main;f 3 5\n', 1)).toEqual([['main → f 3', 5]]);
    const both = read('main;f 3 5\nmain;f 1 1\nmain;g 9\n', 2);
    expect(both.events.map(({ name }) => name)).toEqual(two);
    expect(Array.from(both.samples.weight)).toEqual([5, 3, 1, 1]);
    expect(both.notes.join()).toMatch(/\(1 of 3\).*line 3: main;g 9/);
  });
});
