import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { SampleType } from '../../../src/core/perfData/format.js';
import { readPerfData, type PerfRecording } from '../../../src/core/perfData/reader.js';
import { mapping, pair, perfDataFile, perfDataPipe, record, text, words } from '../support/perfDataBytes.js';

// Layouts that this project's machines do not record, built as include/uapi/linux/perf_event.h documents them.
const { IP, TID, TIME, READ, CALLCHAIN, ID, PERIOD, BRANCH_STACK } = SampleType;
const SAMPLE = 9;
const [KERNEL_MODE, USER_MODE] = [1, 2];
const [KERNEL, USER, USER_DEFERRED] = [-128, -512, -640];
const SAMPLE_ID_ALL = 1 << 18;
const kernelText = 0xffff_ffff_8100_0000n;

/** The chain of each sample, innermost first: `address module`, callers as they were recorded, at the return. */
function chains(recording: PerfRecording): string[] {
  const { samples, stacks, locations } = recording;
  return Array.from({ length: samples.length }, (_, i) => {
    const frames: string[] = [];
    for (let at = samples.stack[i] as number; at >= 0; at = stacks.parent[at] as number) {
      const { address, module } = locations[stacks.location[at] as number] ?? { address: 0, module: '' };
      const shown = BigInt.asUintN(64, BigInt(address)).toString(16);
      frames.push(`${shown} ${module ?? '?'}`);
    }
    return frames.join(', ');
  });
}

describe('call chains whose user part was deferred', () => {
  // struct { header; u64 cookie; u64 nr; u64 ips[nr]; struct sample_id; } PERF_RECORD_CALLCHAIN_DEFERRED
  const attribute = {
    sampleType: IP | TID | TIME | CALLCHAIN | PERIOD,
    flags: SAMPLE_ID_ALL,
  };
  const sample = (tid: number, time: number, ...chain: (number | bigint)[]) =>
    record(SAMPLE, KERNEL_MODE, chain[1] ?? 0, pair(7, tid), time, 5, chain.length, words(...chain));
  const deferred = (tid: number, time: number, cookie: bigint, ...ips: number[]) =>
    record(22, USER_MODE, cookie, ips.length, words(...ips), pair(7, tid), time);
  const [k1, k2] = [kernelText + 0x10n, kernelText + 0x20n];
  const cookie = 0x9_8000_0001n;
  const maps = [
    mapping(7, 0x40_0000, 0x1000, '/bin/app'),
    mapping(-1, kernelText, 0x1000, '[kernel.kallsyms]_text', 1),
  ];

  it('are joined by their cookie, for all samples of one entry to the kernel, whichever is first in the file', async () => {
    const file = perfDataFile(
      [attribute],
      ...maps,
      sample(7, 100, KERNEL, k1, k2, USER_DEFERRED, cookie),
      sample(7, 110, KERNEL, k2, USER_DEFERRED, cookie),
      deferred(7, 120, cookie, 0x40_0100, 0x40_0200),
      deferred(8, 200, cookie + 1n, 0x40_0300),
      sample(8, 190, KERNEL, k1, USER_DEFERRED, cookie + 1n),
      sample(7, 300, USER, 0x40_0100),
    );
    const recording = await readPerfData(file);
    const user = '400100 /bin/app, 4001ff /bin/app';
    expect(chains(recording)).toEqual([
      `ffffffff81000010 [kernel.kallsyms], ffffffff8100001f [kernel.kallsyms], ${user}`,
      `ffffffff81000020 [kernel.kallsyms], ${user}`,
      'ffffffff81000010 [kernel.kallsyms], 400300 /bin/app',
      '400100 /bin/app',
    ]);
    expect(recording.notes).toEqual([]);
  });

  it('stay without their user part where it was lost, and a note says how many', async () => {
    const file = perfDataFile([attribute], ...maps, sample(7, 100, KERNEL, k1, USER_DEFERRED, cookie));
    const recording = await readPerfData(file);
    expect(chains(recording)).toEqual(['ffffffff81000010 [kernel.kallsyms]']);
    expect(recording.notes).toEqual(['1 of 1 kernel samples lost the user part of the call stack.']);
  });
});

describe('last branch records as call stacks', () => {
  // { u64 nr; u64 hw_idx if BRANCH_HW_INDEX; { u64 from, to, flags } lbr[nr]; } PERF_SAMPLE_BRANCH_STACK
  const CALL_STACK = 1 << 11;
  const HW_INDEX = 1 << 17;

  it.each([
    ['', CALL_STACK, []],
    [' with their hardware index', CALL_STACK | HW_INDEX, [3]],
  ])('take the place of the user chain%s', async (_, branchSampleType, index) => {
    const branches = words(2, ...index, 0x40_0158, 0x40_0480, 0, 0x40_089e, 0x40_0140, 0);
    const file = perfDataFile(
      [{ sampleType: IP | TID | TIME | CALLCHAIN | BRANCH_STACK, branchSampleType }],
      mapping(7, 0x40_0000, 0x1000, '/bin/app'),
      mapping(-1, kernelText, 0x1000, '[kernel.kallsyms]_text', 1),
      record(SAMPLE, USER_MODE, 0x40_048b, pair(7, 7), 1, 2, words(USER, 0x40_048f), branches),
      record(
        SAMPLE,
        KERNEL_MODE,
        kernelText + 4n,
        pair(7, 7),
        2,
        4,
        words(KERNEL, kernelText + 4n, USER, 0x40_048f),
        branches,
      ),
    );
    // The sample's own address, then the calls, which aren’t return addresses.
    const calls = '400158 /bin/app, 40089e /bin/app';
    expect(chains(await readPerfData(file))).toEqual([
      `40048b /bin/app, ${calls}`,
      `ffffffff81000004 [kernel.kallsyms], 40048f /bin/app, ${calls}`,
    ]);
  });
});

describe('counters that are read with a sample', () => {
  it('weigh their events by what each counted since the last sample', async () => {
    // { u64 nr; u64 time_enabled, time_running; { u64 value, id, lost } cntr[nr]; } PERF_FORMAT_GROUP
    const event = (config: number, id: number) => ({
      type: 0,
      config,
      sampleType: IP | TID | TIME | READ | ID,
      readFormat: 1 | 2 | 4 | 8 | 16,
      ids: [id],
    });
    const group = (time: number, cycles: number, instructions: number) =>
      record(SAMPLE, USER_MODE, 0x40_0100, pair(7, 7), time, 51, 2, 9, 9, cycles, 51, 0, instructions, 52, 0);
    const file = perfDataFile([event(0, 51), event(1, 52)], group(1, 1000, 300), group(2, 1600, 1300));
    const { samples, events } = await readPerfData(file);
    const weights = Array.from(samples.event, (e, i) => `${events[e]} ${samples.weight[i]}`);
    expect(weights).toEqual([
      'cycles:HG 1000',
      'instructions:HG 300',
      'cycles:HG 600',
      'instructions:HG 1000',
    ]);
  });
});

describe('names of events that the recording does not tell', () => {
  it('have the modifiers that perf writes', async () => {
    const [USER_OFF, KERNEL_OFF, HV_OFF, HOST_OFF, GUEST_OFF] = [1 << 4, 1 << 5, 1 << 6, 1 << 19, 1 << 20];
    const precise = 2 << 15;
    const name = async (flags: number) =>
      (await readPerfData(perfDataFile([{ type: 0, sampleType: IP, flags }]))).events;
    expect(await name(GUEST_OFF)).toEqual(['cycles']);
    expect(await name(KERNEL_OFF | HV_OFF | GUEST_OFF)).toEqual(['cycles:uH']);
    expect(await name(KERNEL_OFF | HV_OFF)).toEqual(['cycles:u']);
    expect(await name(USER_OFF | HV_OFF)).toEqual(['cycles:k']);
    expect(await name(precise | GUEST_OFF)).toEqual(['cycles:ppH']);
    expect(await name(precise)).toEqual(['cycles:pp']);
    expect(await name(HOST_OFF)).toEqual(['cycles:G']);
  });

  it('are found in the description of tracepoints that a pipe carries', async () => {
    const format = (name: string, id: number) => {
      const content = Buffer.from(`name: ${name}\nID: ${id}\nformat:\n\tfield:int pid;\toffset:4;\n`);
      return [words(content.length), content];
    };
    const int = (value: number) => words(value).subarray(0, 4);
    const page = (name: string) => [Buffer.from(`${name}\0`), words(3), Buffer.from('xyz')];
    const tracing = Buffer.concat([
      Buffer.from('\x17\x08\x44tracing0.6\0', 'latin1'),
      Buffer.from([0, 8]),
      int(4096),
      ...page('header_page'),
      ...page('header_event'),
      int(1),
      ...format('function', 1),
      int(1),
      Buffer.from('sched\0'),
      int(2),
      ...format('sched_switch', 316),
      ...format('sched_wakeup', 319),
      int(0),
    ]);
    const padded = Buffer.concat([tracing, Buffer.alloc((8 - (tracing.length % 8)) % 8)]);
    const file = perfDataPipe(
      [
        { type: 2, config: 316, sampleType: IP | TID | TIME | ID, ids: [1] },
        { type: 2, config: 400, sampleType: IP | TID | TIME | ID, ids: [2] },
      ],
      record(66, 0, pair(tracing.length, 0)),
      padded,
      record(SAMPLE, USER_MODE, 0x40_0000, pair(7, 7), 1, 1),
      record(SAMPLE, USER_MODE, 0x40_0000, pair(7, 7), 2, 2),
    );
    const recording = await readPerfData(file);
    expect(recording.events).toEqual(['sched:sched_switch', 'tracepoint 400']);
    expect(recording.samples.length).toBe(2);
    // Cut anywhere, it is read as far as it goes.
    for (let end = 16; end < file.length; end += 5)
      await readPerfData(file.subarray(0, end)).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LabError);
      });
  });
});

describe('the machine that was recorded', () => {
  it('is identified by its kernel: the release, and where a symbol of it was', async () => {
    const release = text('4.14.0-test');
    const file = perfDataPipe(
      [{ sampleType: IP | TID | TIME }],
      // HEADER_FEATURE: u64 feature, then what a file has in its place: u32 length and the string.
      record(80, 0, 4, words(release.length).subarray(0, 4), release),
      record(
        1,
        KERNEL_MODE,
        pair(-1, 0),
        kernelText,
        0x1000,
        kernelText + 0x40n,
        text('[kernel.kallsyms]_text'),
      ),
      record(SAMPLE, KERNEL_MODE, kernelText + 8n, pair(7, 7), 1),
    );
    const { kernelRelease, kernelReference } = await readPerfData(file);
    expect(kernelRelease).toBe('4.14.0-test');
    expect(kernelReference).toEqual({
      symbol: '_text',
      address: Number(BigInt.asIntN(64, kernelText + 0x40n)),
    });
  });
});

describe('what is not sampled code', () => {
  it('an address of user space while the kernel ran is nowhere, and a hardware trace is named', async () => {
    const file = perfDataFile(
      [{ sampleType: IP | TID | TIME }],
      record(SAMPLE, KERNEL_MODE, 0x40_0100, pair(7, 7), 1),
      record(SAMPLE, KERNEL_MODE, kernelText, pair(7, 7), 2),
      record(71, 0, 16, 0, 0, 0, 0),
      text('a trace of 16 b'),
    );
    const recording = await readPerfData(file);
    expect(chains(recording)).toEqual(['400100 ?', 'ffffffff81000000 [kernel.kallsyms]']);
    expect(recording.notes.join()).toMatch(/hardware trace .* isn't decoded/);
  });
});
