import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disassembler } from '../../../src/core/machineCode/disassembler.js';
import { listing } from '../../../src/core/machineCode/listing.js';
import { machineCode, type MachineCode } from '../../../src/core/machineCode/machineCode.js';
import { singleInstructions } from '../../../src/core/machineCode/singleInstructions.js';
import { Sources } from '../../../src/core/machineCode/sources.js';
import { openRecording } from '../../../src/core/perfData/openRecording.js';
import { packProfile, unpackProfile } from '../../../src/core/store/profileFile.js';
import { demangleAll } from '../../../src/core/symbols/demangle.js';
import type { EventProfile } from '../../../src/model/profile.js';
import { addressCosts, hottestAddresses, type AddressCosts } from '../../../src/views/addressCosts.js';
import { functionCosts, lineCosts } from '../../../src/views/costs.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { bundleCli, runCli } from '../support/cli.js';
import { recordingContext, root } from '../support/fixtures.js';
import { withEnvironment } from '../support/tempLab.js';

let folder: string;

const tool = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C', DEBUGINFOD_URLS: '', HOME: folder },
  });

const source = path.join(root, 'test/fixtures/src/shapes.cpp');

/** Ways of building that make lines and symbols hard to tell. */
const builds: Readonly<Record<string, () => void>> = {
  'deep inlining': () =>
    tool('c++', '-O3', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', 'deep', source),
  'link-time optimization': () =>
    tool('c++', '-O2', '-flto', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', 'link', source),
  'split debug information': () => {
    tool('c++', '-O2', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', 'split', source);
    tool('objcopy', '--only-keep-debug', 'split', 'split.debug');
    tool('objcopy', '--strip-all', '--add-gnu-debuglink=split.debug', 'split');
  },
};
const programs = ['deep', 'link', 'split'] as const;

/** Percent by address, of the symbol's samples, as perf prints them: two digits. */
function perfAnnotate(file: string, symbol: string): Map<number, number> {
  const text = tool(
    'perf',
    'annotate',
    '-i',
    file,
    '--stdio',
    '--no-demangle',
    '--percent-type',
    'local-period',
    '-s',
    symbol,
  );
  const percents = new Map<number, number>();
  for (const [, percent, address] of text.matchAll(/^\s*(\d+\.\d+)?\s*:\s+([0-9a-f]+):/gm)) {
    if (address !== undefined) percents.set(parseInt(address, 16), Number(percent ?? 0));
  }
  return percents;
}

const profiles = new Map<string, EventProfile>();

async function codeOf(profile: EventProfile, func: number, options = {}): Promise<MachineCode> {
  return withEnvironment({ HOME: folder }, () => machineCode(profile, func, options, recordingContext()));
}

/** The functions with most self cost that have samples in the program's own file. */
function hottest(profile: EventProfile, program: string, count: number): number[] {
  const { self } = functionCosts(profile);
  const { functions, strings } = profile;
  return [...self.keys()]
    .filter(
      (f) => strings[functions.module[f] as number] === path.join(folder, program) && (self[f] ?? 0) > 0,
    )
    .sort((a, b) => (self[b] as number) - (self[a] as number))
    .slice(0, count);
}

describe('machine code', () => {
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-annotate-')));
    for (const build of Object.values(builds)) build();
    for (const program of programs) {
      const file = path.join(folder, `${program}.data`);
      const record = ['record', '-q', '-F', '1999', '--call-graph', 'fp', '-e', 'cpu-clock:u', '-o', file];
      tool('perf', ...record, '--', `./${program}`, '20000');
      const profile = await withEnvironment({ HOME: folder }, () =>
        openRecording(file, { inline: true }, recordingContext()),
      );
      // As it is after it was saved.
      profiles.set(program, ofEvent(await unpackProfile(await packProfile(profile), file)));
    }
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(programs)('has the shares of perf annotate by instruction: %s', async (program) => {
    const profile = profiles.get(program) as EventProfile;
    const mangled = tool(
      'perf',
      'report',
      '-i',
      `${program}.data`,
      '--stdio',
      '--no-inline',
      '--no-demangle',
      '--no-children',
      '-g',
      'none',
      '-F',
      'sym',
    )
      .split('\n')
      .flatMap((line) => /^\s*\[\.\] (\S+)/.exec(line)?.[1] ?? []);
    const read = await demangleAll(mangled, recordingContext());
    let compared = 0;
    for (const func of hottest(profile, program, 6)) {
      const code = await codeOf(profile, func, { syntax: 'att' });
      const names = mangled.filter((name) => read(name) === code.symbol);
      // Several symbols may have one readable name (constructors, lambdas): perf is asked for one of them.
      if (names.length !== 1) continue;
      const perf = perfAnnotate(`${program}.data`, names[0] as string);
      expect(code.instructions.map(({ address }) => address)).toEqual([...perf.keys()]);
      code.instructions.forEach(({ address }, i) => {
        const percent = ((code.weight[i] as number) / code.symbolWeight) * 100;
        expect(
          Math.abs(percent - (perf.get(address) as number)),
          `${code.symbol} ${address.toString(16)}`,
        ).toBeLessThanOrEqual(0.0051);
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(1);
  });

  it('is the same with both disassemblers, in both syntaxes', async () => {
    const profile = profiles.get('deep') as EventProfile;
    const [func = -1] = hottest(profile, 'deep', 1);
    const [gnu, llvm] = [disassembler('objdump'), disassembler('llvm-objdump')];
    const a = await codeOf(profile, func, { disassembler: gnu });
    const b = await codeOf(profile, func, { disassembler: llvm });
    const att = await codeOf(profile, func, { disassembler: gnu, syntax: 'att' });
    for (const other of [b, att]) {
      expect(other.instructions.map(({ address }) => address)).toEqual(
        a.instructions.map(({ address }) => address),
      );
      expect(other.weight).toEqual(a.weight);
      expect(other.targets).toEqual(a.targets);
      expect(other.hottest).toEqual(a.hottest);
    }
    expect(att.instructions.some(({ operands }) => operands.includes('%r'))).toBe(true);
    expect(a.instructions.some(({ operands }) => operands.includes('%r'))).toBe(false);
    expect(a.targets.some((target) => target >= 0)).toBe(true);
  });

  it('has the hottest instructions of a line without the function around them', async () => {
    const profile = profiles.get('deep') as EventProfile;
    const costs = addressCosts(profile) as AddressCosts;
    const [{ file, line } = { file: '', line: 0 }] = lineCosts(profile).filter(
      (cost) => cost.file === source,
    );
    const at = hottestAddresses(profile, costs, { file: profile.strings.indexOf(file), line }, 3);
    expect(at.length).toBeGreaterThan(0);
    const single = await singleInstructions(profile, at, 'intel', recordingContext());
    // The hottest line needs not lie in the hottest function: which is which differs from recording to recording.
    const whole = new Map<number, MachineCode['instructions'][number]>();
    for (const func of hottest(profile, 'deep', 20)) {
      for (const one of (await codeOf(profile, func)).instructions) whole.set(one.address, one);
    }
    expect(single.map(({ address }) => address)).toEqual(at.map((a) => profile.addresses?.address[a]));
    expect(single).toEqual(at.map((a) => whole.get(profile.addresses?.address[a] ?? -1)));
  });

  it('interleaves source lines and the functions inlined there', async () => {
    const profile = profiles.get('deep') as EventProfile;
    // Not each function has others inlined, and which is the hottest differs from recording to recording.
    const nested: boolean[] = [];
    for (const func of hottest(profile, 'deep', 6)) {
      const code = await codeOf(profile, func);
      const rows = await listing(code, new Sources(), true);
      expect(rows.filter(({ kind }) => kind === 'instruction')).toHaveLength(code.instructions.length);
      const texts = rows.flatMap((row) => (row.kind === 'source' && row.file === source ? [row] : []));
      for (const { line, text } of texts) expect(text).toBe((await new Sources().lines(source))?.[line - 1]);
      if (texts.length > 0) nested.push(rows.some((row) => row.kind === 'inlined' && row.names.length > 1));
    }
    expect(nested).toContain(true);
  });

  it('is printed of a recording, without a lab or a saved run', async () => {
    const cli = await bundleCli(folder);
    const profile = profiles.get('deep') as EventProfile;
    const [func = -1] = hottest(profile, 'deep', 1);
    const name = profile.strings[profile.functions.name[func] as number] as string;
    const { stdout, stderr } = await runCli(cli, folder, ['annotate', '--json', name, 'deep.data']);
    const { instructions } = JSON.parse(stdout || stderr) as { instructions: unknown[] };
    expect(instructions).toHaveLength((await codeOf(profile, func)).instructions.length);
    const piped = execFileSync(
      'sh',
      ['-c', `cat deep.data | '${process.execPath}' '${cli}' annotate --json '${name}' - 2>/dev/null`],
      { cwd: folder, encoding: 'utf8' },
    );
    expect((JSON.parse(piped) as { instructions: unknown[] }).instructions).toEqual(instructions);
    const unknown = await runCli(cli, folder, ['annotate', name, 'deeper.data']);
    expect(unknown).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no run and no file called deeper.data.') as string,
    });
  });

  it('of a program that was rebuilt since is refused with the reason', async () => {
    const profile = profiles.get('link') as EventProfile;
    const [func = -1] = hottest(profile, 'link', 1);
    tool('c++', '-O1', '-g', '-pthread', '-o', 'link', source);
    // Without perf's cache, which keeps the recorded file.
    const rebuilt = withEnvironment({ HOME: '/nonexistent' }, () =>
      machineCode(profile, func, {}, recordingContext()),
    );
    await expect(rebuilt).rejects.toMatchObject({
      code: 'code-missing',
      detail: expect.stringContaining('changed since the recording') as string,
    });
  });
});
