import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { MemoryLimit } from '../../../src/core/memoryLimit.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { bundleCli, outcome } from '../support/cli.js';

const mebibyte = 2 ** 20;

/** A length-delimited field of protobuf. */
function field(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}

/** Files of a few kilobytes to a few hundred that ask for hundreds of megabytes. */
const bombs: Record<string, () => Buffer> = {
  'samples without content': () => Buffer.alloc(12 * mebibyte, Buffer.from([0x12, 0])),
  'one sample of many values': () => field(0x12, field(0x0a, Buffer.alloc(40 * mebibyte, 1))),
  'lists in JSON': () =>
    Buffer.concat([
      Buffer.from('{"$schema":"https://www.speedscope.app/file-format-schema.json","profiles":['),
      Buffer.alloc(12 * mebibyte, '[],'),
      Buffer.from('[]]}'),
    ]),
  'nodes of a .cpuprofile': () =>
    Buffer.from(`{"nodes":[${'{"id":1,"callFrame":{}},'.repeat(400_000)}{}],"samples":[],"timeDeltas":[]}`),
  'folded stacks that never repeat': () =>
    Buffer.from(Array.from({ length: 400_000 }, (_, i) => `main;a${i};b${i * 7};c${i * 13} 1`).join('\n')),
};

/** Prints at the end how much memory the process had at most, in KiB. */
const telling =
  'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

describe('the memory of an import', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-memory-'));
  let cli: string;
  beforeAll(async () => {
    cli = await bundleCli(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const context = { signal: undefined, progress: () => undefined };

  // In a process of its own: what others have freed would count as memory that the process had before.
  it.each(Object.keys(bombs))('is limited for %s, and the error says how to raise it', async (name) => {
    writeFileSync(path.join(folder, 'bomb.gz'), gzipSync((bombs[name] as () => Buffer)()));
    const args = ['--import', telling, cli, 'import', 'bomb.gz', '--memory-limit', '64M'];
    const { status, stderr } = await outcome(process.execPath, args, { cwd: folder });
    expect(status).toBe(1);
    expect(stderr).toContain('[profile-too-large]');
    expect(stderr).toContain('64.0 MiB');
    expect(stderr).toMatch(/--memory-limit.*hakmemLab\.import\.memoryLimit/s);
    expect(Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024).toBeLessThan(500);
  });

  it('suffices for what it is asked for', async () => {
    const file = path.join(folder, 'a.folded');
    writeFileSync(file, 'main;work 3\n');
    expect((await importProfile(file, { memoryLimit: 256 * mebibyte }, context)).samples.length).toBe(1);
    expect(() => new MemoryLimit(2 ** 40).check()).not.toThrow();
  });

  it('is checked while stacks are built', () => {
    let looks = 0;
    const builder = new ProfileBuilder(() => looks++);
    for (let i = 0; i < 200_000; i++) builder.stack(i - 1, i);
    expect(looks).toBe(3);
  });
});
