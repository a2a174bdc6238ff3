import path from 'node:path';
import type { RunPreset } from '../../model/run.js';
import { resolveCommand } from '../bench/subject.js';
import type { ProcessOptions, ProcessResult } from '../process/childProcess.js';
import { requireProcess } from '../process/processes.js';

/** What to record: a program to start, or a process that is already running. */
export type RecordTarget = ProgramTarget | ProcessTarget;

export interface ProgramTarget {
  readonly kind: 'program';
  readonly program: string;
  readonly args: readonly string[];
  /** Where the program reads from; nothing by default. */
  readonly stdin?: 'inherit';
  /** The folder to run in; that of this process by default. */
  readonly cwd?: string;
}

export interface ProcessTarget {
  readonly kind: 'process';
  readonly pid: number;
}

/** A target that was found to exist: how perf records it, and what its run is called. */
export interface ResolvedTarget {
  readonly preset: RunPreset;
  readonly perfArguments: readonly string[];
  readonly processOptions: Pick<ProcessOptions, 'stdin' | 'cwd'>;
  /** What to do if there were no samples. */
  readonly noSamplesRemedy: string;
  /**
   * How a recording that nobody stopped ended, for the user.
   * @param limited whether a time limit was set
   */
  notesOnEnd(result: ProcessResult, limited: boolean): string[];
}

/** @throws LabError `program-missing`, `process-unknown`, `perf-not-permitted` */
export function resolveTarget(target: RecordTarget): Promise<ResolvedTarget> {
  return target.kind === 'process' ? resolveProcess(target) : resolveProgram(target);
}

async function resolveProgram({ program, args, stdin, cwd }: ProgramTarget): Promise<ResolvedTarget> {
  const file = await resolveCommand(program, cwd);
  return {
    preset: presetOf(path.basename(file), 'Recorded program', file, args),
    perfArguments: ['--', file, ...args],
    processOptions: { stdin, cwd },
    noSamplesRemedy: 'Record a longer execution, or increase the frequency.',
    notesOnEnd({ killedBy, exitCode }) {
      if (killedBy) return [`The program was killed by ${killedBy}.`];
      return exitCode === 0 ? [] : [`The program exited with status ${exitCode}.`];
    },
  };
}

async function resolveProcess({ pid }: ProcessTarget): Promise<ResolvedTarget> {
  const { name, args } = await requireProcess(pid);
  const [program = '', ...rest] = args;
  return {
    preset: presetOf(path.basename(program || name), `Process ${pid}`, program, rest),
    perfArguments: ['-p', String(pid)],
    processOptions: {},
    noSamplesRemedy: 'The process may have been idle. Record for longer, or while it is busy.',
    notesOnEnd: (_, limited) => (limited ? ['The process exited before the time limit.'] : []),
  };
}

function presetOf(name: string, description: string, program: string, args: readonly string[]): RunPreset {
  return { name, description, environment: {}, program, args };
}
