import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchArrows, type Branch } from '../../../src/core/machineCode/arrows.js';
import { branchTarget } from '../../../src/core/machineCode/blocks.js';

const arrows = (rows: number, ...branches: [from: number, to: number][]) =>
  branchArrows(
    branches.map(([from, to]): Branch => ({ from, to })),
    rows,
    4,
  );

describe('branches as arrows', () => {
  it('has the shorter line inside, and one line for all branches to a target', () => {
    expect(arrows(7, [3, 2], [5, 1], [6, 1])).toEqual([
      '    ',
      '┌──>',
      '│┌─>',
      '│└──',
      '│   ',
      '├───',
      '└───',
    ]);
  });

  it('crosses lines that are not nested, and joins what ends and starts in one row', () => {
    expect(arrows(5, [0, 3], [4, 2])).toEqual(['┌───', '│   ', '│┌─>', '└┼─>', ' └──']);
    expect(arrows(3, [0, 1], [1, 2])).toEqual([' ┌──', '┌┴─>', '└──>']);
  });

  it('says where a line is left out: too long, or too many beside one another', () => {
    const far = arrows(500, [0, 450], [3, 3]);
    expect([far[0], far[1], far[3], far[450]]).toEqual(['·─', '  ', '  ', '·>']);
    const many = arrows(20, ...Array.from({ length: 6 }, (_, i): [number, number] => [i, 19 - i]));
    expect(many[0]).toBe('    ·─');
    expect(many[2]).toBe('┌─────');
    expect(many[19]).toBe('    ·>');
    expect(arrows(3, [1, 1])).toEqual(['', '', '']);
  });

  it('draws every line from end to end in one lane, whatever the branches are', () => {
    const row = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(row, row), { maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        (pairs, lanes) => {
          const drawn = branchArrows(
            pairs.map(([from, to]) => ({ from, to })),
            31,
            lanes,
          );
          expect(new Set(drawn.map((text) => text.length)).size).toBe(1);
          for (let i = 0; i < drawn.length; i++) {
            const [text = '', next = ''] = [drawn[i], drawn[i + 1]];
            for (let column = 0; column < text.length - 2; column++) {
              // What leads down from a cell leads up from the one below.
              expect('╷│┐┤┌├┬┼'.includes(text[column] as string)).toBe(
                '╵│┘┤└├┴┼'.includes(next[column] ?? ' '),
              );
            }
            const [to, from] = [
              pairs.some((p) => p[1] === i && p[0] !== i),
              pairs.some((p) => p[0] === i && p[1] !== i),
            ];
            if (text !== '') expect(text.at(-1)).toBe(to ? '>' : from ? '─' : ' ');
          }
        },
      ),
    );
  });

  it('takes no time for 10,000 rows', () => {
    const branches = Array.from({ length: 4000 }, (_, i) => ({
      from: (i * 7919) % 10_000,
      to: (i * 104_729) % 10_000,
    }));
    const near = branches.map(({ from }, i) => ({ from, to: Math.min(9999, from + (i % 250)) }));
    const started = performance.now();
    branchArrows([...branches, ...near], 10_000, 8);
    // 15 ms on an idle machine.
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('the address that a branch leads to', () => {
  const target = (mnemonic: string, operands: string) => {
    const found = branchTarget({ address: 0, mnemonic, operands });
    return found && `${found.address.toString(16)} ${operands.slice(found.from, found.to)}`;
  };
  it('is found where it stands among the operands', () => {
    expect(target('jne', '1157 <main+0x1e>')).toBe('1157 1157');
    expect(target('jne', '0x1157 <main+0x1e>')).toBe('1157 0x1157');
    expect(target('tbnz', 'w0, #5, 7a4 <f+0x7a4> // b.any')).toBe('7a4 7a4');
    expect(target('jmp', 'ab <operator<(7ab <c)>')).toBe('ab ab');
    expect(target('jmp', 'rax')).toBeUndefined();
    expect(target('call', '1157 <main>')).toBeUndefined();
  });
});
