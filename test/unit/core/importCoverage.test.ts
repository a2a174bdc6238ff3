import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importedCoverageNotes } from '../../../src/core/import/coverageNotes.js';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext, root } from '../support/fixtures.js';

const fixtureFile = (name: string) => path.join(root, 'test/fixtures', name);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-coverage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function notes(file: string, content?: string | object): Promise<string> {
  const at = content === undefined ? file : path.join(folder, file);
  if (content !== undefined)
    writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
  return (await importProfile(at, {}, recordingContext())).notes.join('\n');
}

const sample = (top: string) => `b 1/1 1.0: 1 cycles: \n${top}\t 401150 main+0x10 (/tmp/b)\n\n`;
const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, scriptId: '1', url, lineNumber: url === '' ? -1 : 3, columnNumber: 0 },
  hitCount: 1,
  children,
});
const cpuprofile = (url: string) => ({
  nodes: [node(1, '(root)', '', [2]), node(2, 'work', url)],
  startTime: 0,
  endTime: 30,
  samples: [2, 2, 2],
  timeDeltas: [10, 10, 10],
});

it('of a goroutine that begins with all that it runs has callers enough', () => {
  const note = (inlined: boolean) => {
    const builder = new ProfileBuilder();
    const thread = builder.thread(0, 0, new Map());
    const names = inlined ? ['main.main.func1', 'sync.(*Mutex).Unlock'] : ['main.work'];
    const stack = names.reduce(
      (parent, name, depth) =>
        builder.stack(
          parent,
          builder.frame(builder.func({ name, module: '/m', file: '/m.go', line: 1 }), '/m.go', 2, depth > 0),
        ),
      -1,
    );
    builder.sample(stack, thread, 0, 5, 0);
    const profile = builder.finish([{ name: 'delay', taken: null }], []);
    return importedCoverageNotes(ofEvent(profile), {
      format: 'pprof',
      head: Buffer.alloc(0),
      unread: undefined,
    });
  };
  expect(note(true)).toEqual([]);
  expect(note(false).join()).toMatch(/stacks have one frame each/);
});

describe('an imported profile says what it lacks, how much, why, and what to do', () => {
  it('names', async () => {
    expect(await notes('a.folded', 'main;[unknown] 3\nmain;0x7f12 1\nmain;work 6\n')).toMatch(
      /^Functions have no names: the tool .* \(40\.0% of the samples\)\. Import the recording/m,
    );
    expect(await notes('a.script', sample('\t 7f01 [unknown] (/usr/lib/x.so)\n').repeat(3))).toMatch(
      /^Functions in \/usr\/lib\/x\.so have no names: perf script .* \(100% of the samples\)\. Import perf\.data/m,
    );
    // Little isn't worth a note.
    expect(await notes('b.folded', 'main;[unknown] 3\nmain;work 97\n')).not.toMatch(/no names/);
  });

  it('source lines', async () => {
    expect(await notes(fixtureFile('calls.folded'))).toMatch(
      /no source lines: folded .* \(100% of the samples\)/,
    );
    expect(await notes(fixtureFile('calls.script.txt'))).toMatch(
      /no source lines: perf script .* -F \+srcline/,
    );
    expect(await notes(fixtureFile('calls.report.txt'))).toMatch(
      /no source lines: perf report .* perf\.data/,
    );
    // With lines, no note.
    expect(await notes(fixtureFile('variants.srcline.txt'))).not.toMatch(/no source lines/);
    expect(await notes('a.cpuprofile', cpuprofile('file:///x.js'))).toMatch(
      /^Where functions begin is known, but not which of their lines ran \(100% of the samples\)/m,
    );
    expect(await notes('b.cpuprofile', cpuprofile(''))).toMatch(
      /no source lines: they are part of the runtime/,
    );
  });

  it('callers, of stacks that end early', async () => {
    const leaf = '\t 401134 leaf+0x4 (/tmp/b)\n';
    const cut = `b 1/1 1.0: 1 cycles: \n${leaf}\n`.repeat(2);
    expect(await notes('b.script', sample(leaf).repeat(6) + cut)).toMatch(
      /^Callers are missing for 25\.0% of the samples: stacks end early in \/tmp\/b\. Record with --call-graph dwarf/m,
    );
    expect(await notes('c.script', sample(leaf).repeat(6))).not.toMatch(/Callers/);
  });
});
