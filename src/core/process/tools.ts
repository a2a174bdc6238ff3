import path from 'node:path';
import { isExecutable } from '../files.js';
import { LabError } from '../labError.js';
import { installRemedy } from './packages.js';

/** Where there is no PATH, as where a service or a container starts a program without an environment. */
const usualPath = '/usr/local/bin:/usr/bin:/bin';

/** The absolute path of a command on PATH, or undefined. */
export async function findCommand(
  name: string,
  searchPath = process.env['PATH'] || usualPath,
): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

export function missingTool(tool: string, cause?: unknown): LabError {
  return new LabError('tool-missing', `${tool} isn't installed.`, {
    detail: `${tool} was not found on PATH (${process.env['PATH'] ?? ''}).`,
    remedy: installRemedy(tool),
    cause,
  });
}
