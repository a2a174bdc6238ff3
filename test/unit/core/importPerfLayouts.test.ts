import { describe, expect, it } from 'vitest';
import { importPerfReport, importPerfScript } from '../support/importBytes.js';
import { detectFormat } from '../../../src/core/import/detect.js';
import type { Profile } from '../../../src/model/profile.js';
import { bytes, refusal } from '../support/refusal.js';
import { roundedShares } from '../support/shares.js';

// What perf 6.1 prints with other options than its usual ones, shortened.
const lines = (...text: string[]) => bytes(`${text.join('\n')}\n`);

/** Self shares of an event by function. */
function selves(profile: Profile, event = 0): Record<string, number> {
  const all = Object.entries(roundedShares(profile, 2, event));
  return Object.fromEntries(all.map(([name, { self }]) => [name, self]));
}

describe('layouts of perf report', () => {
  it('--sort symbol has columns behind the symbol whose names hold spaces', () => {
    const profile = importPerfReport(
      lines(
        "# Samples: 170  of event 'cpu-clock'",
        '# Overhead  Symbol                           IPC   [IPC Coverage]',
        '# ........  ...............................  ....................',
        '    80.00%  [.] leaf                         -      -            ',
        '    20.00%  [k] f(int, char)                 -      -            ',
      ),
    );
    expect(selves(profile)).toEqual({ leaf: 80, 'f(int, char)': 20 });
  });

  it('--group has a share for each event, under totals too', () => {
    const profile = importPerfReport(
      lines(
        "# Samples: 340  of events 'anon group { cpu-clock, cpu/event=1,umask=2/ }'",
        '#         Children              Self  Command  Symbol  ',
        '# ................  ................  .......  ........',
        '   100.00% 100.00%     0.00%  10.00%  w        [.] main',
        '    80.00%  90.00%   100.00%  90.00%  w        [.] leaf',
      ),
    );
    expect(profile.events.map((event) => event.name)).toEqual(['cpu-clock', 'cpu/event=1,umask=2/']);
    expect(selves(profile)).toEqual({ leaf: 100 });
    expect(selves(profile, 1)).toEqual({ main: 10, leaf: 90 });
  });

  it('--hierarchy counts its leaves, and needs symbols', () => {
    const header = ["# Samples: 9  of event 'c'", '#       Overhead  Command / Shared Object / Symbol'];
    const dots = '# ..............  ................................';
    const text = [
      '   100.00%        w      ',
      '       90.00%        my lib.so        ',
      '          60.00%        [.] leaf',
      '          30.00%        [.] mid',
      '       10.00%        [kernel.kallsyms]',
      '          10.00%        [k] halt',
    ];
    const profile = importPerfReport(lines(...header, dots, ...text));
    expect(selves(profile)).toEqual({ leaf: 60, mid: 30, halt: 10 });
    expect(profile.strings).toContain('my lib.so');
    const other = lines(
      header[0] as string,
      '#  Overhead  Symbol / Command',
      '# .........  ..........',
      text[0] as string,
    );
    expect(refusal(() => importPerfReport(other)).detail).toMatch(/without --hierarchy/);
  });

  it('-q has no headers: events are recognized by where shares rise again, self shares by being second', () => {
    const part = (share: string) => [
      `   100.00%     0.00%  w  w  [.] main`,
      `    ${share}%    ${share}%  w  w  [.] leaf`,
      '',
    ];
    const profile = importPerfReport(lines(...part('99.00'), '', ...part('98.00')));
    expect(profile.events.map((event) => event.name)).toEqual(['unknown event', 'unknown event #2']);
    expect(selves(profile)).toEqual({ leaf: 99, '[not listed]': 1 });
    expect(selves(profile, 1)).toEqual({ leaf: 98, '[not listed]': 2 });
  });

  it('-F sample,overhead and --showcpuutilization, and with separators', () => {
    const counted = lines(
      "# Samples: 9  of event 'c'",
      '#      Samples  Overhead       sys  Symbol  ',
      '# ............  ........  ........  ........',
      '             7    70.00%     0.00%  [.] leaf',
      '             3    30.00%    30.00%  [k] halt',
    );
    expect(selves(importPerfReport(counted))).toEqual({ leaf: 70, halt: 30 });
    const separated = lines(
      "# Samples: 9  of event 'c'",
      '# Overhead,Command,Symbol',
      ' 70.00% ,w ,[.] leaf',
      ' 30.00% ,w ,[k] halt',
    );
    expect(selves(importPerfReport(separated))).toEqual({ leaf: 70, halt: 30 });
  });

  it('of 2011 names its event otherwise, and its columns stand to the right', () => {
    const profile = importPerfReport(
      lines(
        '# Events: 1K cycles',
        '#',
        '# Overhead      Command          Shared Object  Symbol',
        '# ........  ...........  .....................  ......',
        '#',
        '    75.00%  firefox-bin  libxul.so              [.] 0xd10b45',
        '    25.00%      swapper  [kernel.kallsyms]      [k] mwait_idle_with_hints',
      ),
    );
    expect(profile.events[0]?.name).toBe('cycles');
    expect(selves(profile)).toEqual({ '0xd10b45': 75, mwait_idle_with_hints: 25 });
    expect(profile.strings).toContain('libxul.so');
  });

  it('refuses totals alone', () => {
    const totals = lines('   100.00%  [.] main', '    99.00%  [.] leaf', '    50.00%  [.] f');
    expect(refusal(() => importPerfReport(totals)).detail).toMatch(/add up to 249%.*--no-children/);
  });
});

describe('layouts of perf script', () => {
  const read = (...text: string[]) => {
    const content = lines(...text);
    expect(detectFormat(content, 'file')).toBe('perf-script');
    return importPerfScript(content);
  };
  const weights = (profile: Profile) => Array.from(profile.samples.weight);

  it('without a call chain: address and symbol stand in the line, with or without event, period and module', () => {
    for (const [text, event, weight] of [
      ['   w 22270  2802.212702:      55b5ee073169 leaf', 'unknown event', 1],
      ['   w [000]  2802.212702:      55b5ee073169 leaf ([unknown])', 'unknown event', 1],
      ['   w 22268  2802.212702:    2004008     55b5ee073169 leaf+0x10 (/tmp/w)', 'unknown event', 2004008],
      [' 2802.212702: cpu-clock:      55b5ee073169 leaf', 'cpu-clock', 1],
      ['cpu-clock:u:      55b5ee073169 leaf (/tmp/w)', 'cpu-clock:u', 1],
      ['   my app      55b5ee073169 leaf (/tmp/w)', 'unknown event', 1],
      ['w 1/2 2802.212702: 7 page-faults:     7ffe0040     55b5ee073169 leaf (/tmp/w)', 'page-faults', 7],
    ] as const) {
      const profile = read(text, text);
      expect([profile.events[0]?.name, weights(profile), selves(profile)], text).toEqual([
        event,
        [weight, weight],
        { leaf: 100 },
      ]);
    }
  });

  it('a place below it belongs to it', () => {
    const profile = read(
      '1 2.000001: 5 c:  55b5ee073169 leaf',
      '  w.c:4',
      '1 2.000002: 5 c:  ffffffff821ceaf2 halt',
      '  [kernel.kallsyms][ffffffff821ceaf2]',
    );
    expect(selves(profile)).toEqual({ leaf: 50, halt: 50 });
    expect(profile.notes).toEqual([]);
    expect(Array.from(profile.frames.line)).toEqual([4, 0]);
  });

  it('with a call chain: event or period alone above it', () => {
    const alone = read(
      ' cpu-clock: ',
      '\t1169 leaf (/tmp/w)',
      '',
      ' task-clock: ',
      '\t1169 leaf (/tmp/w)',
      '',
    );
    expect(alone.events.map((event) => event.name)).toEqual(['cpu-clock', 'task-clock']);
    expect(weights(alone)).toEqual([1, 1]);
    expect(weights(read('w 22214  2800.736412:    2004008 ', '\t1169 leaf (/tmp/w)', ''))).toEqual([2004008]);
  });

  it('with a byte order mark, as editors of Windows save it', () => {
    const profile = importPerfScript(bytes('\ufeffw 1/2 1.0: c: \r\n\t1169 leaf (/tmp/w)\r\n\r\n'));
    expect(profile.threads).toEqual([{ pid: 1, tid: 2, name: 'w' }]);
  });

  it('what tracepoints print isn’t a frame, and mappings aren’t samples', () => {
    const profile = read(
      'sh 7 [000] 1.000001: PERF_RECORD_COMM exec: sh:7/7',
      'sh 7 [000] 1.000002: PERF_RECORD_MMAP2 7/7: [0x1000(0x1000) @ 0 08:01 5 0]: r-xp /bin/sh',
      'sh 7 [000] 1.000003: sched:sched_waking: comm=sh pid=7',
      'sh 7 [000] 1.000004: irq:softirq_entry: 12345678 vec=1',
      'sh 7 [000] 1.000005: sched:sched_switch: ffffffff821f8b58 __schedule ([kernel.kallsyms])',
    );
    expect(profile.samples.length).toBe(3);
    expect(Object.keys(selves(profile, 2))).toEqual(['__schedule']);
    expect(Object.keys(selves(profile, 1))).toEqual(['[unknown]']);
    expect(profile.notes).toEqual([]);
    expect(read('Warning:', 'w 1 2.000001: c: ', '\t1169 leaf (/tmp/w)', '').samples.length).toBe(1);
  });

  it('the bytes of an instruction end a sample, code without a line has none, and rounds aren’t samples', () => {
    const profile = read(
      'w 1 2.000001: c: ',
      '\t1169 leaf (/tmp/w)',
      '  w.c:12',
      '\t1200 start (/tmp/ld.so)',
      '  :0',
      ' insn: 48 8b 01',
      'PERF_RECORD_FINISHED_ROUND',
      'w 1 2.000002: c: ',
      '\t1169 leaf (/tmp/w)',
      '  w.c:12',
      ' ilen: 3 insn: 0f be 01',
      'w 1 2.000003: c: ',
      '\t1200 start (/tmp/ld.so)',
      '  ??:0',
      '',
    );
    expect(selves(profile)).toEqual({ leaf: 66.67, start: 33.33 });
    expect(profile.strings).not.toContain('??');
    expect(profile.notes).toEqual([]);
  });
});
