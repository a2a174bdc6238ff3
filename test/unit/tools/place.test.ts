import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadLab } from '../../../src/core/lab/loadLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { defaultRecordOptions } from '../../../src/core/perf/options.js';
import { commandTarget } from '../../../src/core/perf/target.js';
import { parseCommandLine } from '../../../src/core/process/commandLine.js';
import { waitOn } from '../../../src/core/process/terminals.js';
import { parseLaunchConfigurations, resolveLaunch } from '../../../src/core/programs/launch.js';
import { testTarget } from '../../../src/core/programs/testTarget.js';
import { taskProgram } from '../../../src/vscode/programs/taskProgram.js';
import { bundleCli, outcome, runCli } from '../support/cli.js';
import { lendTerminal, until } from '../support/lentTerminal.js';
import { recordingContext, root } from '../support/fixtures.js';

/** Whatever starts a program starts it in the same folder, with the same environment, arguments, and input. */
describe('the place that a program runs in', () => {
  let folder: string;
  let log: string;
  const inherited = process.cwd();

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-place-')));
    log = path.join(folder, 'log');
    mkdirSync(path.join(folder, '.vscode'));
    mkdirSync(path.join(folder, 'data'));
    writeFileSync(path.join(folder, 'data/input.txt'), 'the input');
    const source = path.join(root, 'test/fixtures/src/place.c');
    execFileSync('cc', ['-O1', '-g', '-fno-omit-frame-pointer', '-o', path.join(folder, 'place'), source]);
    const preset = {
      program: 'place',
      args: ['one', 'two words'],
      environment: { PLACE_VALUE: 'a b', PLACE_LOG: log },
    };
    writeFileSync(
      path.join(folder, '.vscode/hakmem-lab.json'),
      JSON.stringify({
        formatVersion: 1,
        name: 'Place',
        build: { command: 'false' },
        presets: [
          { ...preset, name: 'HERE', build: { command: 'true' } },
          { ...preset, name: 'THERE', build: { command: 'true' }, cwd: 'data', stdin: 'input.txt' },
          { ...preset, name: 'NOWHERE', build: { command: 'true' }, cwd: 'absent' },
          { ...preset, name: 'NOTHING', build: { command: 'true' }, stdin: 'absent' },
        ],
      }),
    );
    const sourceText = JSON.stringify(source);
    writeFileSync(
      path.join(folder, 'CMakeLists.txt'),
      [
        'cmake_minimum_required(VERSION 3.14)',
        'project(place C)',
        'enable_testing()',
        `add_executable(place ${sourceText})`,
        'add_test(NAME place.there COMMAND place one "two words" WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/data)',
        `set_tests_properties(place.there PROPERTIES ENVIRONMENT "PLACE_VALUE=a b;PLACE_LOG=${log}")`,
      ].join('\n'),
    );
    // Not the folder of the lab, so that a tool that inherits its folder is found out.
    process.chdir(os.tmpdir());
  });
  beforeEach(() => rmSync(log, { force: true }));
  afterAll(() => {
    process.chdir(inherited);
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async () => new Laboratory(await loadLab(path.join(folder, '.vscode/hakmem-lab.json')));
  /** What the executions said, once each. */
  const said = () => (existsSync(log) ? [...new Set(readFileSync(log, 'utf8').trim().split('\n'))] : []);
  const here = () => `${folder}|a b|one,two words,|`;
  const there = () => `${folder}/data|a b|one,two words,|the input`;

  it.each([
    ['HERE', here],
    ['THERE', there],
  ])('of the preset %s is the same for benchmark, counters, sampling, and callgrind', async (name, place) => {
    const laboratory = await open();
    await laboratory.profile(name, { repeats: 2 }, recordingContext());
    expect(readFileSync(log, 'utf8').trim().split('\n').length).toBeGreaterThanOrEqual(3);
    expect(said()).toEqual([place()]);
    await laboratory.count(name, {}, recordingContext());
    expect(said()).toEqual([place()]);
    expect(await laboratory.store.list()).not.toEqual([]);
    expect(existsSync(path.join(folder, '.hakmem-lab'))).toBe(true);
  });

  it('of a typed command is what it says', async () => {
    const line = `PLACE_LOG=${log} PLACE_VALUE='a b' ../place one "two words" < input.txt`;
    const { stdin = '', ...command } = parseCommandLine(line);
    const { run } = await (
      await open()
    ).record(
      { kind: 'program', ...command, stdin: { file: stdin }, cwd: path.join(folder, 'data') },
      defaultRecordOptions,
      recordingContext(),
    );
    expect(said()).toEqual([there()]);
    expect(run.preset).toMatchObject({
      cwd: path.join(folder, 'data'),
      stdin: path.join(folder, 'data/input.txt'),
      environment: { PLACE_VALUE: 'a b' },
    });
  });

  it('of a typed command is the same on a terminal of the editor', async () => {
    const terminal = await lendTerminal('');
    try {
      const line = `PLACE_LOG=${log} PLACE_VALUE='a b' ../place one "two words"`;
      const target = commandTarget(parseCommandLine(line), path.join(folder, 'data'));
      const recording = (await open()).record(
        { ...target, terminal: { device: terminal.device } },
        defaultRecordOptions,
        recordingContext(),
      );
      // It reads until the end of its input, which is what it says last.
      await until(() => waitOn(terminal.device) === 'reading');
      terminal.type('the input\u0004\u0004');
      await recording;
      expect(said()).toEqual([there()]);
    } finally {
      terminal.close();
    }
  });

  it('of a launch configuration is what the debugger would use', async () => {
    const [configuration] = parseLaunchConfigurations(
      JSON.stringify({
        configurations: [
          {
            type: 'lldb',
            name: 'There',
            program: '${workspaceFolder}/place',
            args: ['one', 'two words'],
            cwd: '${workspaceFolder}/data',
            env: { PLACE_VALUE: 'a b', PLACE_LOG: log },
            stdio: ['input.txt', null, null],
          },
        ],
      }),
      'launch.json',
    );
    if (!configuration) return expect.unreachable();
    const { stdin = '', ...launched } = await resolveLaunch(configuration, folder, () =>
      Promise.resolve(undefined),
    );
    const laboratory = await open();
    const target = { kind: 'program' as const, ...launched, stdin: { file: stdin } };
    const { run } = await laboratory.record(target, defaultRecordOptions, recordingContext());
    expect(said()).toEqual([there()]);
    expect(run.preset.name).toBe('There');
    await laboratory.countProgram(target, recordingContext());
    await laboratory.benchProgram({ ...launched, stdin }, { repeats: 2 }, recordingContext());
    expect(said()).toEqual([there()]);
  });

  it.each(['profile', 'count', 'bench'] as const)(
    'of the task %s is what tasks.json says',
    async (action) => {
      const command = `PLACE_LOG=${log} PLACE_VALUE='a b' ../place one "two words" < input.txt`;
      const target = taskProgram({ action, command, cwd: 'data' }, folder);
      const laboratory = await open();
      if (action === 'profile') await laboratory.record(target, defaultRecordOptions, recordingContext());
      else if (action === 'count') await laboratory.countProgram(target, recordingContext());
      else {
        const { stdin, environment = {}, ...line } = target;
        const program = { ...line, environment, ...(stdin ? { stdin: stdin.file } : {}) };
        await laboratory.benchProgram(program, { repeats: 2 }, recordingContext());
      }
      expect(said()).toEqual([there()]);
    },
  );

  /** Nothing is read: a test runner gives no input. */
  const tested = () => `${folder}/data|a b|one,two words,|`;

  it('of a project test is what ctest would use, in editor and terminal', async () => {
    const target = await testTarget(folder, 'place.there', recordingContext());
    await (await open()).record(target, defaultRecordOptions, recordingContext());
    expect(said()).toEqual([tested()]);
    rmSync(log, { force: true });
    const cli = await bundleCli(path.join(folder, 'cli'));
    const { status, stderr } = await runCli(cli, folder, ['profile', '--test', 'place.there']);
    expect([status, stderr.includes('rror')]).toEqual([0, false]);
    expect(said()).toEqual([tested()]);
  });

  it('of a command is the same in the terminal', async () => {
    const cli = await bundleCli(path.join(folder, 'cli'));
    const data = path.join(folder, 'data');
    const command = ['--', '../place', 'one', 'two words'];
    const environment = { ...process.env, PLACE_LOG: log, PLACE_VALUE: 'a b' };
    for (const verb of ['record', 'bench']) {
      rmSync(log, { force: true });
      const ended = await outcome(process.execPath, [cli, verb, ...command], { cwd: data, env: environment });
      expect(ended.status).toBe(0);
      expect(said()).toEqual([tested()]);
    }
  });

  it('of a preset is the same in the terminal', async () => {
    const cli = await bundleCli(path.join(folder, 'cli'));
    for (const verb of ['bench', 'profile']) {
      rmSync(log, { force: true });
      const lab = path.join(folder, '.vscode/hakmem-lab.json');
      const { status } = await runCli(cli, folder, [verb, 'THERE', '--runs', '2', '--lab', lab]);
      expect(status).toBe(0);
      expect(said()).toEqual([there()]);
    }
  });

  it('is named if it is missing', async () => {
    const laboratory = await open();
    await expect(laboratory.profile('NOWHERE', {}, recordingContext())).rejects.toThrow(
      `${folder}/absent doesn't exist`,
    );
    await expect(laboratory.profile('NOTHING', {}, recordingContext())).rejects.toThrow(
      `The input file ${folder}/absent doesn't exist`,
    );
  });
});
