import { describe, expect, it, vi } from 'vitest';
import type { CMakeToolsApi, CMakeToolsExtensionExports, Project } from 'vscode-cmake-tools';
import { cmakeToolsProject } from '../../../src/vscode/programs/cmakeTools.js';

/** The extension as it is installed; undefined where it isn't. Its interface is the one that it publishes. */
const state = vi.hoisted(() => ({
  extension: undefined as { activate(): Promise<unknown> } | undefined,
  launchTarget: undefined as string | undefined,
}));
vi.mock('vscode', () => ({
  extensions: {
    getExtension: (id: string) => (id === 'ms-vscode.cmake-tools' ? state.extension : undefined),
  },
  commands: {
    getCommands: () =>
      Promise.resolve(state.launchTarget === undefined ? [] : ['cmake.launchTargetNameForSubstitution']),
    executeCommand: () => Promise.resolve(state.launchTarget),
  },
  Uri: { file: (fsPath: string) => ({ fsPath }) },
}));

const project: Pick<Project, 'getBuildDirectory'> = {
  getBuildDirectory: () => Promise.resolve('/w/build'),
};
const api: Pick<CMakeToolsApi, 'getProject'> = {
  getProject: ({ fsPath }) => Promise.resolve(fsPath === '/w' ? (project as Project) : undefined),
};
const exported: CMakeToolsExtensionExports = { getApi: () => api as CMakeToolsApi };

async function known(folder: string): Promise<[unknown, string[]]> {
  const log: string[] = [];
  return [await cmakeToolsProject(folder, (line) => log.push(line)), log];
}

describe('what the CMake Tools extension knows', () => {
  it('is the build folder and the launch target of the project', async () => {
    state.extension = { activate: () => Promise.resolve(exported) };
    state.launchTarget = 'tool';
    expect(await known('/w')).toEqual([{ buildFolder: '/w/build', launchTarget: 'tool' }, []]);
    state.launchTarget = undefined;
    expect(await known('/w')).toEqual([{ buildFolder: '/w/build' }, []]);
  });

  it('is nothing of another folder, and nothing without the extension', async () => {
    state.extension = { activate: () => Promise.resolve(exported) };
    expect(await known('/elsewhere')).toEqual([{}, []]);
    state.extension = { activate: () => Promise.resolve(undefined) };
    expect(await known('/w')).toEqual([{}, []]);
    state.extension = undefined;
    expect(await known('/w')).toEqual([{}, []]);
  });

  it('is nothing if it fails, which is logged', async () => {
    state.extension = { activate: () => Promise.reject(new Error('no cmake')) };
    expect(await known('/w')).toEqual([{}, ['ms-vscode.cmake-tools: Error: no cmake']]);
  });
});
