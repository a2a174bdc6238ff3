import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../src/core/import/detect.js';
import { foreignFormat } from '../../../src/core/import/foreign.js';
import { fixture } from '../support/fixtures.js';
import { bytes } from '../support/refusal.js';

const words = (size: 4 | 8, ...values: number[]) => {
  const buffer = Buffer.alloc(values.length * size);
  values.forEach((value, i) => buffer.writeUInt32LE(value, i * size));
  return buffer;
};

describe('formats that are not imported', () => {
  it.each<readonly [string, Buffer]>([
    ['compressed with xz', Buffer.from('fd377a585a000004', 'hex')],
    ['compressed with zstd', Buffer.from('28b52ffd0458', 'hex')],
    ['compressed with tar', Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0')])],
    ['a program', Buffer.from('\x7fELF\x02\x01', 'latin1')],
    ['Hotspot', Buffer.from('\0\0\0\x0eQPERFSTREAM\0', 'latin1')],
    ['simpleperf', Buffer.from('SIMPLEPERF\x01\0', 'latin1')],
    ['Java Flight Recorder', Buffer.from('FLR\0\0\x02', 'latin1')],
    ['legacy format of gperftools', words(8, 0, 3, 0, 10_000, 0, 1, 1)],
    ['legacy format of gperftools', words(4, 0, 3, 1, 10_000, 0, 1, 1)],
    ['wrote with --raw', bytes('--- symbol\nbinary=./a\n0x0000000000001159 work\n---\n--- profile\n')],
    ['legacy text format of pprof', bytes('heap profile: 3: 100 [4: 200] @ heap_v2/524288\n')],
    ['legacy text format of pprof', bytes('--- contention\ncycles/second=1\n')],
    ['text output of pprof', bytes('PeriodType: cpu nanoseconds\nPeriod: 10\nSamples:\n')],
    [
      'text output of pprof',
      bytes('File: a\nType: cpu\nShowing nodes accounting for 1s, 100% of 1s total\n'),
    ],
    ['pmcstat', bytes('@ inst_retired.any [35705 samples]\n\n20.86%  [7447]  f @ /boot/kernel\n')],
    ['GHC', bytes('\tWed Oct 1 Time and Allocation Profiling Report  (Final)\n')],
    ['bpftrace', bytes('Attaching 1 probe...\n\n@[\n    f+12\n    g+34\n]: 12\n')],
    ['DTrace', bytes('\n              kernel`f+0x12\n              kernel`g+0x1\n              4\n')],
    ['perf stat', bytes("\n Performance counter stats for 'ls':\n\n  1.00 msec task-clock\n")],
    ['perf diff', bytes("# Event 'cycles'\n#\n# Baseline  Delta Abs  Symbol\n    50.00%  +1.00%  [.] f\n")],
    ['perf annotate', bytes(' Percent |\tSource code & Disassembly of a for cycles\n')],
    ['Chrome', bytes('{"traceEvents":[{"ph":"X"}]}')],
    ['Chrome', bytes('[\n{"pid":1,"ph":"B","ts":1}]')],
    ['CPU profile of V8', bytes('{"nodes":[{"id":1,"callFrame":{}}]}')],
    ['heap profile of V8', bytes('{"head":{"selfSize":0}}')],
    ['Firefox Profiler', bytes('{"meta":{"interval":1,"preprocessedProfileVersion":34}}')],
    [
      'text output of pprof',
      bytes('Active filters:\n   hide=a\nShowing nodes accounting for 1s, 100% of 1s\n'),
    ],
    ['text output of pprof', bytes('File: a\nType: cpu\nDuration: 10s, Total samples = 1s\n-------+-----\n')],
    ['text output of pprof', bytes('Total: 1.12s\nROUTINE ======= line1000\n')],
    ['text output of pprof', bytes(' key1: Total 1.12s of 1.12s (  100%)\n          1s (89.29%): tag1\n')],
    ['text output of pprof', bytes('digraph "a" {\nnode [style=filled fillcolor="#f8f8f8"]\n')],
    ['gprof', bytes('index  % time    self  children called     name\n')],
    ['log of V8', bytes('v8-version,6,0,287,53,0\n')],
    ['hprof', bytes('JAVA PROFILE 1.0.1, created Fri Dec 18 16:33:00 2009\n')],
    ['heap dump of Java', Buffer.from('JAVA PROFILE 1.0.2\0\0\0\0\x08', 'latin1')],
    ['Xdebug', bytes('Version: 3.1.0\nFile format: 4\nTRACE START [2021-01-01 00:00:00]\n')],
    ['Android', bytes('*version\n3\ndata-file-overflow=false\n')],
    ['Android', Buffer.from('SLOW\x03\0', 'latin1')],
    ['Visual Studio', bytes('\ufeffLevel,Function Name,Number of Calls,Module Name,\n')],
    ['xctrace', bytes('<?xml version="1.0"?>\n<trace-query-result>\n')],
    ['sysprof', bytes('<profile>\n    <size>8267</size>\n')],
    ['xperf', bytes('Process Name, Display Name, Process, Stack, Module\n')],
    ['VTune', bytes('Index   % CPU Time:Total  CPU Time:Self\n')],
    ['quipper', bytes('# proto-file: src/quipper/perf_data.proto\nfile_attrs {\n')],
    ['Papyrus', bytes('Stack_3185 log opened (PC)\n50002:START:3185\n')],
    ['cProfile', Buffer.from('fb2903fa017ee9000000', 'hex')],
    ['macOS', Buffer.from('cffaedfe07000001', 'hex')],
    ['Windows', Buffer.from('4d5a900003000000', 'hex')],
    ['Pyroscope', bytes('{\n  "version": 1,\n  "flamebearer": {')],
    ['Firefox developer tools', bytes('{"label":"a","duration":74.1,"markers":[],"frames":[]')],
    ['DHAT', bytes('{"dhatFileVersion":2,"mode":"heap"}')],
    ['BCC', bytes('Sampling at 49 Hertz of all threads by user + kernel stack... Hit Ctrl-C to end.\n')],
    ['async-profiler', bytes('--- Execution profile ---\nTotal samples       : 100\n')],
    ['thread dump of Java', bytes('2026-01-01 10:00:00\nFull thread dump OpenJDK 64-Bit Server VM\n')],
    ['thread dump of Java', bytes('"main" #1 prio=5 os_prio=0 tid=0x00007f nid=0x1 runnable [0x0000]\n')],
    ['goroutines of Go', bytes('goroutine 1 [running]:\nmain.main()\n')],
    ['OProfile', bytes('CPU: Intel Haswell, speed 3500 MHz (estimated)\nCounted CPU_CLK_UNHALTED events\n')],
    [
      'callgrind_annotate',
      bytes(`${'-'.repeat(80)}\nProfile data file 'cg.out' (creator: callgrind-3.19.0)\n`),
    ],
    ['cProfile', bytes('         2003 function calls (2001 primitive calls) in 0.012 seconds\n')],
    ['py-spy dump', bytes('Process 1234: python3 a.py\nPython v3.11.2 (/usr/bin/python3.11)\n')],
    ['debugger', bytes('[New LWP 5]\n\nThread 1 (Thread 0x7ffff7d8a740 (LWP 4) "a"):\n#0  f () at a.c:1\n')],
    ['debugger', bytes('PID 4 - process\nTID 4:\n#0  0x00007f1 f\n')],
    [
      'google-pprof',
      bytes('Using local file ./m.\nTotal: 100 samples\n      90  90.0%  90.0%       90  90.0% f\n'),
    ],
    [
      'report of heaptrack',
      bytes('reading file "heaptrack.1.gz" - please wait, this might take some time...\n'),
    ],
    ['ruby-prof', bytes('Measure Mode: wall_time\nThread ID: 360\n')],
    ['node --prof-process', bytes('Statistical profiling result from v8.log, (12 ticks).\n')],
    ['log of V8', bytes('{\n  "code": [\n  {\n    "name": "/usr/bin/node",\n    "type": "SHARED_LIB"\n')],
    ['NYTProf', bytes('NYTProf 5 0\n:basetime=1\n')],
    ['phpspy', bytes('0 work /t.php:3\n1 <main> /t.php:10\n# - \n\n')],
    ['strace', bytes('execve("/bin/ls", ["ls"], 0x7ffd /* 20 vars */) = 0\n')],
    ['messages of valgrind', bytes('==123== Memcheck, a memory error detector\n')],
    ['converted to JSON', bytes('{"linux-perf-json-version":1}')],
  ])('%s: is recognized by its content, with what to do', (what, head) => {
    const foreign = foreignFormat(head);
    expect(foreign?.what).toContain(what);
    expect(foreign?.remedy).toMatch(/\.$/);
  });

  it('are none of those that are', () => {
    const ours = [
      'calls.perf.data',
      'calls.script.txt',
      'calls.report.txt',
      'calls.folded',
      'calls.callgrind.no',
    ];
    for (const name of ours) expect(foreignFormat(fixture(name)), name).toBeUndefined();
    const named = '{"shared":{"frames":[{"name":"traceEvents"}]},"profiles":[{"name":"meta"}],"meta":{}}';
    expect(foreignFormat(bytes(named))).toBeUndefined();
    expect(foreignFormat(Buffer.alloc(0))).toBeUndefined();
  });

  it('text isn’t a pprof file whatever its name, and both old byte orders of perf.data are recognized', () => {
    expect(detectFormat(bytes('COST CENTRE\tMODULE\n'), 'a.prof')).toBeUndefined();
    expect(detectFormat(Buffer.from([0x12, 4, 8, 1, 0, 7]), 'a.prof')).toBe('pprof');
    for (const magic of ['PERFFILE', 'ELIFFREP', '2ELIFREP'])
      expect(detectFormat(bytes(`${magic}\0\0\0`), 'a')).toBe('perf.data');
  });

  // With work that grows with the square of the size, this would take longer than a test may.
  it('are told from hostile heads', () => {
    const size = 1 << 16;
    for (const piece of [
      '`',
      ' ',
      ' a`',
      '"nodes":',
      '"head":{',
      '[',
      '{',
      '@[\n',
      'File: \n',
      'desc: \ncmd: \n',
      '0 a b:1\n',
      '# \n',
      '"a" #1 ',
      '-'.repeat(30),
    ])
      for (const before of ['', '{', '['])
        foreignFormat(Buffer.concat([bytes(before), Buffer.alloc(size, piece)]));
  });
});
