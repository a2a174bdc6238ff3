import { beforeEach, describe, expect, it, vi } from 'vitest';
import { presetSchema, type Preset } from '../../../src/core/lab/labFile.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import type { Laboratory } from '../../../src/core/laboratory.js';
import type { RunDocument } from '../../../src/model/run.js';
import { Consent } from '../../../src/vscode/runs/execution/consent.js';

interface Asked {
  readonly message: string;
  readonly modal: boolean;
  readonly detail: string;
}
let asked: Asked[] = [];
let answer: string | undefined;
const executed: unknown[] = [];

vi.mock('vscode', async (original) => ({
  ...(await original<object>()),
  commands: { executeCommand: (...command: unknown[]) => Promise.resolve(executed.push(command)) },
  window: {
    showInformationMessage: (
      message: string,
      options: Omit<Asked, 'message'>,
      ...buttons: readonly { readonly title: string }[]
    ) => {
      asked.push({ message, ...options });
      return Promise.resolve(buttons.find(({ title }) => title === answer));
    },
  },
}));

describe('consent to what a preset starts', () => {
  let kept: Record<string, unknown>;
  const consent = () =>
    new Consent({
      keys: () => Object.keys(kept),
      get: <T>(key: string, otherwise?: T) => (key in kept ? kept[key] : otherwise) as T,
      update: (key, value) => Promise.resolve(void (kept[key] = value)),
    });
  const base = folderLab('/home/me/cloned');
  const lab = { ...base, definition: { ...base.definition, build: { command: 'make', args: ['-j2'] } } };
  const preset = (changes: object = {}): Preset =>
    presetSchema.parse({
      name: 'A',
      program: 'build/a',
      args: ['it is'],
      environment: { LD_PRELOAD: './x.so' },
      ...changes,
    });
  const require = (p = preset(), l = lab) =>
    consent()
      .require(l, [p])
      .then(
        () => 'started',
        (error: unknown) => (error as { code: string }).code,
      );

  beforeEach(() => {
    kept = {};
    asked = [];
    executed.length = 0;
    answer = 'Run';
  });

  it('shows command, environment, and folder, and asks once', async () => {
    expect(await require()).toBe('started');
    expect(await require()).toBe('started');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ modal: true });
    for (const part of [
      'Build: make -j2',
      "Program: LD_PRELOAD=./x.so build/a 'it is'",
      'Folder: /home/me/cloned',
      '/home/me/cloned/hakmem-lab.json',
    ])
      expect(asked[0]?.detail).toContain(part);
  });

  it.each([
    ['program', { program: 'build/b' }],
    ['arguments', { args: [] }],
    ['profile arguments', { profileArgs: ['x'] }],
    ['environment', { environment: {} }],
    ['folder', { cwd: '/tmp' }],
    ['input', { stdin: 'x' }],
    ['build', { build: { command: 'sh' } }],
    ['competitors', { rivals: { system: 'build/s' } }],
  ])('asks again when the %s changed', async (_, changes) => {
    await require();
    expect(await require(preset(changes))).toBe('started');
    expect(asked).toHaveLength(2);
    // Of what decides nothing, a change is none.
    await require(preset({ ...changes, description: 'other' }));
    expect(asked).toHaveLength(2);
  });

  it('asks again when a matrix sets other variables, which it shows', async () => {
    await require();
    const options = [{ name: 'LD_PRELOAD', values: ['', './x.so'] }];
    const matrix = [{ name: 'm', preset: 'A', options }];
    await require(preset(), { ...lab, definition: { ...lab.definition, matrix } });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.detail).toContain('Matrix: LD_PRELOAD=|./x.so');
  });

  it('asks once for several presets, and not for those that were allowed', async () => {
    await require();
    const several = [preset(), preset({ name: 'B', program: 'b' }), preset({ name: 'C', program: 'c' })];
    await consent().require(lab, several);
    await consent().require(lab, several);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.message).toContain('2');
    for (const part of ['Program: LD_PRELOAD=./x.so b', 'Program: LD_PRELOAD=./x.so c'])
      expect(asked[1]?.detail).toContain(part);
    expect(asked[1]?.detail).not.toContain('build/a');
  });

  it('calls a recorded program no preset, unless the lab has one of its name', async () => {
    answer = 'Run';
    await consent().require(lab, [preset({ name: 'lua' })], true);
    expect(asked[0]?.message).toBe('Run the recorded command lua?');
    const run = { id: 'R', preset: { ...preset({ name: 'B' }), description: '' } } as unknown as RunDocument;
    const store = { folder: '/home/me/cloned/.hakmem-lab' };
    await consent().requireRun({ lab, store } as unknown as Laboratory, run);
    expect(asked[1]?.message).toBe('Run the recorded command B?');
    const known = { ...lab, definition: { ...lab.definition, presets: [preset({ name: 'C' })] } };
    const ofPreset = { ...run, preset: { ...run.preset, name: 'C', args: ['other'] } };
    await consent().requireRun({ lab: known, store } as unknown as Laboratory, ofPreset);
    expect(asked[2]?.message).toBe('Run the commands of the preset C?');
    expect(asked[2]?.detail).toContain('/runs/R/run.json');
  });

  it('starts nothing, and remembers nothing, without a yes', async () => {
    answer = undefined;
    expect(await require()).toBe('canceled');
    answer = 'Show Lab File';
    expect(await require()).toBe('canceled');
    expect(executed).toEqual([['hakmemLab.openLabFile', { labFile: lab.file }]]);
    expect(kept).toEqual({});
  });

  it('shows names as one line, whatever is in them', async () => {
    await require(preset({ environment: { A: 'x\nBuild: true\u001b[2J\u202e' } }));
    expect(asked[0]?.detail.split('\n').filter((line) => line.startsWith('Build: '))).toEqual([
      'Build: make -j2',
    ]);
    // eslint-disable-next-line no-control-regex
    expect(asked[0]?.detail).not.toMatch(/[\u0000-\u0009\u001b\u202e]/);
  });
});
