import { describe, expect, it } from 'vitest';
import { coverageNotes, type CallGraphKind } from '../../../src/core/perfData/coverageNotes.js';
import type { ModuleFacts } from '../../../src/core/symbols/moduleFacts.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { noteActions } from '../../../src/text/noteActions.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

interface Sample {
  /** Outermost first: name, module, line. */
  readonly stack: readonly (readonly [name: string, module: string, line?: number])[];
  readonly weight: number;
}

function profileOf(...samples: Sample[]) {
  const builder = new ProfileBuilder();
  const thread = builder.thread(1, 1, new Map());
  for (const { stack, weight } of samples) {
    let at = -1;
    for (const [name, module, line = 0] of stack) {
      const func = builder.func({ name, module, file: '', line: 0 });
      at = builder.stack(at, builder.frame(func, line === 0 ? '' : '/a.c', line, false));
    }
    builder.sample(at, thread, 0, weight);
  }
  return ofEvent(builder.finish([{ name: 'cycles' }], []));
}

const start = ['_start', '/srv/a', 1] as const;
const good: Sample = { stack: [start, ['main', '/srv/a', 2]], weight: 94 };
const notes = (bad: Sample, facts: Record<string, ModuleFacts> = {}, callGraph: CallGraphKind = 'fp') =>
  coverageNotes(profileOf(good, bad), new Map(Object.entries(facts)), callGraph);

describe('what a profile lacks', () => {
  it('is nothing where names, lines, and callers are known', () => {
    expect(notes({ stack: [start, ['f', '/srv/a', 3]], weight: 6 })).toEqual([]);
  });

  it('has a note from 5% on', () => {
    const bad: Sample = { stack: [start, ['[b]', '/srv/b']], weight: 4 };
    expect(notes(bad)).toEqual([]);
    expect(notes({ ...bad, weight: 6 })).toHaveLength(1);
  });

  it.each<[string, Sample['stack'][number], ModuleFacts, string]>([
    [
      'a stripped program',
      ['[b]', '/srv/b'],
      { stripped: true },
      "Functions in /srv/b have no names: symbols were stripped (6.00% of the samples). Link without -s, and profile what isn't stripped yet.",
    ],
    [
      'a stripped library of the system',
      ['[libz.so.1]', '/usr/lib/libz.so.1'],
      { stripped: true },
      'Functions in /usr/lib/libz.so.1 have no names: symbols were stripped (6.00% of the samples). Install the debug symbols of its package',
    ],
    [
      'a file that changed',
      ['[b]', '/srv/b'],
      { unread: 'has changed since the recording' },
      'Functions in /srv/b have no names: the file has changed since the recording (6.00% of the samples). Record again.',
    ],
    [
      'code of a virtual machine',
      ['[unknown]', '//anon'],
      {},
      'Code generated at run time has no names: no map (/tmp/perf-PID.map) and no dump (jit-PID.dump) of the runtime has them (6.00% of the samples). Have the runtime',
    ],
    [
      'code in memory with a name',
      ['[memfd:a (deleted)]', '/memfd:a (deleted)'],
      {},
      'Code in /memfd:a (deleted) has no names: it was in memory only (memfd), and no map (/tmp/perf-PID.map) has its names (6.00% of the samples). If a program was started from there, start it from a file. Otherwise: Have the runtime',
    ],
    [
      'a program without debug information',
      ['f', '/srv/b'],
      {},
      'Functions in /srv/b have no source lines: debug information is missing (6.00% of the samples). Compile with -g.',
    ],
    [
      'debug information that is partial',
      ['f', '/srv/b'],
      { hasLines: true },
      'Functions in /srv/b have no source lines: debug information is missing in parts (6.00% of the samples). Compile with -g.',
    ],
    [
      'debug information that no tool reads',
      ['f', '/srv/b'],
      { hasLines: true, unreadableLines: true },
      'Functions in /srv/b have no source lines: no tool here can read the debug information',
    ],
    [
      'debug information that gcc split off, without LLVM',
      ['f', '/srv/b'],
      { hasLines: true, unreadableLines: true, splitLines: true },
      "Functions in /srv/b have no source lines: addr2line can't read what gcc put into .dwo files (6.00% of the samples). Install llvm-symbolizer",
    ],
    ['the kernel', ['do_sys_open', '[kernel.kallsyms]'], {}, 'Functions of the kernel have no source lines:'],
  ])('is explained for %s', (_, frame, facts, expected) => {
    const [note, ...others] = notes({ stack: [start, frame], weight: 6 }, { [frame[1]]: facts });
    expect(note).toContain(expected);
    expect(others).toEqual([]);
  });

  it('knows the runtime whose map is missing', () => {
    const bad: Sample = { stack: [start, ['[unknown]', '//anon']], weight: 50 };
    expect(notes(bad, { '/usr/bin/node': {} })[0]).toContain('Start Node.js with --perf-basic-prof.');
    expect(notes(bad, { '/opt/jdk/lib/server/libjvm.so': {} })[0]).toContain('-XX:+DumpPerfMapAtExit');
  });

  it('names files together that lack the same', () => {
    const bad = (module: string): Sample => ({ stack: [start, ['f', module, 0]], weight: 10 });
    const profile = profileOf(good, bad('/srv/b'), bad('/srv/c'), { ...bad('/srv/d'), weight: 0.1 });
    expect(coverageNotes(profile, new Map(), 'fp')).toEqual([
      'Functions in /srv/b, /srv/c have no source lines: debug information is missing (17.5% of the samples). Compile with -g.',
    ]);
  });

  const early: Sample = { stack: [['f', '/srv/b', 3]], weight: 50 };

  it('is callers where stacks end early, with a remedy for how they were found', () => {
    expect(notes(early)).toEqual([
      'Callers are missing for 34.7% of the samples: stacks end early in /srv/b, compiled without frame pointers. Record with --call-graph dwarf, or compile with -fno-omit-frame-pointer.',
    ]);
    // Nobody compiles the libraries of the system again.
    expect(notes({ stack: [['f', '/usr/lib/libc.so.6', 3]], weight: 50 })).toEqual([
      'Callers are missing for 34.7% of the samples: stacks end early in /usr/lib/libc.so.6, compiled without frame pointers. Record with --call-graph dwarf.',
    ]);
    expect(notes(early, {}, 'dwarf')[0]).toContain('--call-graph dwarf,65528');
    expect(notes(early, {}, 'lbr')[0]).toContain('the processor keeps only the last calls');
    // A recording without stacks has a note of its own.
    expect(notes(early, {}, 'none')).toEqual([]);
  });

  it('is callers where a register that holds no frame pointer leads nowhere', () => {
    const stray: Sample = {
      stack: [
        ['[unknown]', ''],
        ['[unknown]', ''],
        ['f', '/srv/b', 1],
      ],
      weight: 20,
    };
    expect(notes(stray).join()).toContain('stacks end early in /srv/b, compiled without frame pointers.');
  });

  it('is callers where generated code keeps no frame pointers, whether or not it has names', () => {
    for (const name of ['jit', '[unknown]'])
      expect(notes({ stack: [[name, '//anon']], weight: 20 }).join('\n')).toMatch(
        /Callers .* without frame pointers\. Have the runtime keep them/,
      );
  });

  it('is callers where stacks are cut at a limit', () => {
    const deep: Sample = {
      stack: Array.from({ length: 127 }, () => ['f', '/srv/b', 3] as const),
      weight: 50,
    };
    expect(notes(deep)[0]).toContain('stacks are cut at 127 frames');
  });

  it.each([
    [
      'a thread',
      [
        ['clone3', '/usr/lib/libc.so.6', 1],
        ['f', '/srv/a', 3],
      ],
    ],
    [
      'a goroutine',
      [
        ['runtime.goexit.abi0', '/srv/a', 1],
        ['main.f', '/srv/a', 3],
      ],
    ],
    [
      'the kernel',
      [
        ['ret_from_fork_asm', '[kernel.kallsyms]', 1],
        ['worker_thread', '[kernel.kallsyms]', 1],
      ],
    ],
    [
      'a C library without names',
      [
        ['[libc.so.6]', '/usr/lib/libc.so.6'],
        ['f', '/srv/a', 3],
      ],
    ],
    [
      'a thread of the C++ library',
      [
        ['[libstdc++.so.6.0.30]', '/usr/lib/libstdc++.so.6.0.30'],
        ['std::thread::_State_impl<work>::_M_run()', '/srv/a', 3],
      ],
    ],
  ] as const)('are not the callers of what starts %s', (_, stack) => {
    expect(notes({ stack: stack as unknown as Sample['stack'], weight: 50 })).toEqual([]);
  });

  it('names first what concerns most of the profile', () => {
    const unnamed = (weight: number): Sample => ({ stack: [start, ['[b]', '/srv/b']], weight });
    const both = (weight: number) =>
      coverageNotes(profileOf(good, early, unnamed(weight)), new Map([['/srv/b', { stripped: true }]]), 'fp');
    expect(both(100).map((note) => note.slice(0, 9))).toEqual(['Functions', 'Callers a']);
    expect(both(20).map((note) => note.slice(0, 9))).toEqual(['Callers a', 'Functions']);
  });

  it('can be fixed as its notes say', () => {
    expect(noteActions(notes(early)[0] ?? '')).toEqual([
      { kind: 'record-with-dwarf' },
      { kind: 'compiler-flags', flags: '-g -fno-omit-frame-pointer' },
    ]);
    const [lines = ''] = notes({ stack: [start, ['f', '/srv/b']], weight: 50 });
    expect(noteActions(lines)).toEqual([{ kind: 'compiler-flags', flags: '-g' }]);
    expect(noteActions('A tool is missing. Install it. $ apt-get install -y tool')).toEqual([
      { kind: 'command', command: 'apt-get install -y tool' },
    ]);
    expect(noteActions('The kernel is missing. Record with --scope both to see all.')).toEqual([
      { kind: 'sample-kernel' },
    ]);
    expect(noteActions('3 samples lost while recording.')).toEqual([]);
  });
});
