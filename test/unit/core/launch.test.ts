import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLaunchConfigurations, resolveLaunch } from '../../../src/core/programs/launch.js';

const nothing = () => Promise.resolve(undefined);

describe('launch configurations', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-launch-'));
    writeFileSync(path.join(folder, '.env'), '# comment\nFROM_FILE="a b"\nBOTH=file\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const only = (configuration: object) => {
    const text = JSON.stringify({ configurations: [{ name: 'N', request: 'launch', ...configuration }] });
    return parseLaunchConfigurations(text, 'launch.json')[0];
  };
  const resolved = async (configuration: object) => {
    const parsed = only(configuration);
    return parsed && resolveLaunch(parsed, folder, nothing);
  };

  it('are those that start a native program, read with comments and trailing commas', () => {
    const text = `{ // comment
      "configurations": [
        {"type": "cppdbg", "request": "launch", "name": "A", "program": "a",},
        {"type": "cppdbg", "request": "attach", "name": "B", "program": "b"},
        {"type": "node", "request": "launch", "name": "C", "program": "c.js"},
        {"type": "lldb", "request": "launch", "name": "D", "cargo": {}},
        17,
      ],
    }`;
    expect(parseLaunchConfigurations(text, 'x').map(({ name }) => name)).toEqual(['A']);
    expect(() => parseLaunchConfigurations('[', '/x/launch.json')).toThrow(/launch\.json can't be read/);
  });

  it('of cppdbg', async () => {
    expect(
      await resolved({
        type: 'cppdbg',
        program: '${workspaceFolder}/build/x',
        args: ['a b', '$HOME'],
        cwd: '${workspaceFolder}/data',
        environment: [
          { name: 'BOTH', value: 'own' },
          { name: 'N', value: '${workspaceFolderBasename}' },
        ],
        envFile: '${workspaceFolder}/.env',
        preLaunchTask: 'build',
      }),
    ).toEqual({
      name: 'N',
      program: `${folder}/build/x`,
      args: ['a b', '$HOME'],
      cwd: `${folder}/data`,
      environment: { FROM_FILE: 'a b', BOTH: 'own', N: path.basename(folder) },
      preLaunchTask: 'build',
    });
  });

  it('of lldb-dap, CodeLLDB, and gdb', async () => {
    expect(await resolved({ type: 'lldb-dap', program: 'x', env: ['A=1=2', 'B'] })).toMatchObject({
      program: 'x',
      cwd: folder,
      environment: { A: '1=2', B: '' },
    });
    const stdio = ['in.txt', null, null];
    expect(
      await resolved({ type: 'lldb', program: 'x', args: `a 'b c'`, env: { A: 1 }, stdio }),
    ).toMatchObject({
      args: ['a', 'b c'],
      environment: { A: '1' },
      stdin: 'in.txt',
    });
    expect(await resolved({ type: 'gdb', target: './x', arguments: '-v "q r"' })).toMatchObject({
      program: './x',
      args: ['-v', 'q r'],
    });
  });

  it('ask for variables that only an editor knows, and refuse those without a value', async () => {
    const configuration = only({ type: 'cppdbg', program: '${command:cmake.launchTargetPath}' });
    if (!configuration) return expect.unreachable();
    const launched = await resolveLaunch(configuration, folder, (name, argument) =>
      Promise.resolve(`/${name}/${argument}`),
    );
    expect(launched.program).toBe('/command/cmake.launchTargetPath');
    await expect(resolveLaunch(configuration, folder, nothing)).rejects.toThrow(
      /\$\{command:cmake\.launchTargetPath\}, which has no value/,
    );
  });
});
