import { describe, expect, it } from 'vitest';
import { doctorTable } from '../../../src/cli/doctorTable.js';
import { noTerminal, widthOf } from '../../../src/cli/terminal.js';

const reason = 'this virtual machine (KVM) has no hardware counters, and nothing can be done about it here';
const folder = '/home/someone/with/a/path/that/is/longer/than/the/room/for/details/.hakmem-lab';
const report = {
  machine: 'A processor with a long name, 2 cores, 23.5 GiB, Linux 6.18.44, virtual machine (KVM)',
  checks: [
    {
      name: 'Event cycles',
      status: 'limited' as const,
      detail: reason,
      remedy: {
        text: 'Measure on bare metal or on a virtual machine with a PMU. Shares of time are not affected by it.',
        command: 'hakmem-lab profile PRESET --counter callgrind',
      },
    },
    { name: 'Functions, lines, and inline frames', status: 'ok' as const, detail: folder },
  ],
};

describe('what doctor prints', () => {
  it.each([80, 100])('is complete in a terminal of %i columns', (columns) => {
    const text = doctorTable(report, { columns, color: false });
    expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(columns);
    expect(text).not.toContain('…');
    const details = text.split('\n').map((line) => line.replace(/^(?:.{44} +)/, ''));
    expect(details.join(' ')).toContain(reason);
    expect(details.join('')).toContain(folder);
    expect(text).toContain('\n    hakmem-lab profile PRESET --counter callgrind');
  });

  it('has one line for each check where lines have no end', () => {
    const text = doctorTable(report, noTerminal);
    expect(text).toContain(`Event cycles                         limited  ${reason}\n`);
    expect(text).toContain(`\n  ${report.checks[0]?.remedy?.text}\n`);
  });
});
