import path from 'node:path';
import { commandTarget, type ProgramTarget } from '../../core/perf/target.js';
import { parseCommandLine } from '../../core/process/commandLine.js';

/** A task of tasks.json: `{ "type": "hakmem-lab", "action": "profile", "preset": "P" }`, or a command instead of a preset. */
export interface TaskProperties {
  readonly action: 'profile' | 'bench' | 'count';
  readonly preset?: string;
  /** As "Profile a Command" takes it. */
  readonly command?: string;
  /** Relative to the workspace folder, which is the default. */
  readonly cwd?: string;
}

/** What the command of a task starts. @throws LabError `command-line` */
export function taskProgram({ command = '', cwd = '.' }: TaskProperties, folder: string): ProgramTarget {
  return commandTarget(parseCommandLine(command), path.resolve(folder, cwd));
}
