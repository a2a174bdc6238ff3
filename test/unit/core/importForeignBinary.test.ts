import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { detectFormat } from '../../../src/core/import/detect.js';
import { foreignFormat } from '../../../src/core/import/foreign.js';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { recordingContext } from '../support/fixtures.js';
import { bytes, failure } from '../support/refusal.js';

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** A field of a protobuf with bytes, which may be a message. */
const field = (number: number, ...content: (string | Buffer)[]) => {
  const body = Buffer.concat(content.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.from([number * 8 + 2, body.length]), body]);
};
const number = (field: number, value: number) => Buffer.from([field * 8, value]);

const attribute = Buffer.concat([number(1, 0), number(2, 96), number(3, 0), number(4, 1)]);
const label = (value: string | Buffer) => field(1, field(1, 'service_name'), field(2, value));

describe('binary formats of other profilers', () => {
  it.each<readonly [string, Buffer]>([
    ['gprof', hex('676d6f6e 01000000 00000000')],
    ['.profraw', hex('8172666f72706cff 09000000')],
    ['.profdata', hex('ff6c70726f666981 0c000000')],
    ['gcov', bytes('adcg*32B')],
    ['gcov', bytes('oncg*32B')],
    ['Sysprof', hex('5e97cafd 01010000')],
    ['trace-cmd', Buffer.concat([hex('170844'), bytes('tracing6\0')])],
    ['Common Trace Format', hex('571dd175 00000000')],
    ['Common Trace Format', hex('c11ffcc1 00000000')],
    ['Common Trace Format', bytes('/* CTF 1.8 */\n\ntypealias integer { size = 8; } := uint8_t;\n')],
    ['.nettrace', bytes('Nettrace\x14\0\0\0!FastSerialization.1')],
    ['a trace of Go', bytes('go 1.19 trace\0\0\0\x81\x81')],
    ['Tracy', bytes('tlZ\x04\0\0')],
    ['Tracy', bytes('tZst\0\0')],
    ['Fuchsia', hex('1000044678541600')],
    ['property list', bytes('bplist00\xd4')],
    ['quipper', Buffer.concat([field(1, field(1, attribute)), field(2, field(1, number(1, 9)))])],
    ['Perfetto', Buffer.concat([field(1, number(8, 5), number(10, 1)), field(1, number(3, 7))])],
    ['Pyroscope or Parca', field(1, label('shop'), field(2, 'x'))],
    ['Pyroscope or Parca', field(2, label('shop'), field(2, 'x'))],
    ['OpenTelemetry', field(1, field(1, label(field(1, 'shop'))))],
    ['perf stat', bytes('1.41,msec,task-clock,1406667,100.00,0.754,CPUs utilized\n')],
    ['perf stat', bytes('# started on Fri Nov 27 18:00:00 2026\n\n<not supported>,,cycles,0,100.00,,\n')],
    ['perf stat', bytes('{"counter-value" : "1.383811", "unit" : "msec", "event" : "task-clock"}\n')],
    ['perf trace', bytes('         ? (         ): g/13683  ... [continued]: execve())      = 0\n')],
    ['perf trace', bytes('     0.065 ( 0.022 ms): g/13683 brk()                  = 0x5592caa44000\n')],
    ['heaptrack', bytes('v 10500 3\nX ./program\nI 1000 1f\n')],
    ['bpftrace', bytes('Attaching 1 probe...\n\n@samples[program, \n    f+12\n    g+34\n]: 12\n')],
    ['bpftrace', bytes('{"type": "attached_probes", "data": {"probes": 1}}\n')],
    ['ftrace', bytes('# tracer: nop\n#\n# entries-in-buffer/entries-written: 2/2   #P:4\n')],
    ['systrace', bytes('<!DOCTYPE html>\n<html>\n<head><title>Android System Trace</title>\n')],
    ['web page', bytes('<!DOCTYPE html>\n<html>\n<head><title>Profile</title>\n')],
    ['picture', bytes('<?xml version="1.0" standalone="no"?>\n<svg version="1.1" width="1200">\n')],
    ['uProf', bytes('AMDuProf Version: 4.0\n')],
  ])('%s: is recognized, with what to do', (what, head) => {
    const foreign = foreignFormat(head);
    expect(foreign?.what).toContain(what);
    expect(foreign?.remedy).toMatch(/\.$/);
  });

  it('don’t include pprof, whatever its first field is', () => {
    const value = fc.record({ type: fc.nat({ max: 120 }), unit: fc.nat({ max: 120 }) });
    const other = fc
      .tuple(fc.constantFrom(2, 3, 4, 5), fc.nat({ max: 120 }))
      .map(([at, id]) => field(at, number(1, id), at === 5 ? number(2, id) : field(2, '')));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(other), (values, others) => {
        const types = values.map(({ type, unit }) => field(1, number(1, type), number(2, unit)));
        const table = ['', 'cpu', 'service_name'].map((text) => field(6, text));
        for (const parts of [
          [...types, ...others, ...table],
          [...others, ...table, ...types],
        ]) {
          const head = Buffer.concat(parts);
          expect(foreignFormat(head)).toBeUndefined();
          expect(detectFormat(head, 'profile')).toBe('pprof');
        }
      }),
    );
  });

  it('may be any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        foreignFormat(Buffer.concat([Buffer.from([10]), any]));
      }),
    );
  });
});

describe('what only its name tells', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-foreign-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['a.trace', 'folder', /is a recording of Instruments\.$/, /xctrace export --input \S+a\.trace /],
    ['a.apc', 'folder', /is a capture of Arm Streamline\.$/, undefined],
    ['a.vtune', 'file', /is a result of VTune\.$/, undefined],
    ['a.etl', 'file', /is a trace of Event Tracing for Windows\.$/, undefined],
  ])('%s, a %s', async (name, kind, message, command) => {
    const at = path.join(folder, name);
    if (kind === 'folder') mkdirSync(at);
    else writeFileSync(at, Buffer.alloc(500));
    const error = await failure(importProfile(at, {}, recordingContext()));
    expect(error.code).toBe('format-unsupported');
    expect(error.message).toMatch(message);
    if (command) expect(error.remedy?.command).toMatch(command);
  });

  it('but not what can be read', async () => {
    const at = path.join(folder, 'b.etl');
    writeFileSync(at, 'main;work 3\nmain;leaf 4\n');
    const profile = await importProfile(at, {}, recordingContext());
    expect(profile.samples.weight).toHaveLength(2);
  });
});
