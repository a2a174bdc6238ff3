import path from 'node:path';
import type { ProgramEnd, RunPreset } from '../../model/run.js';
import { checkPlace, resolveCommand, resolvePath } from '../bench/subject.js';
import { currentFolder } from '../files.js';
import type { CommandLine } from '../process/commandLine.js';
import type { ProcessOptions, ProcessResult, Terminal } from '../process/childProcess.js';
import { descendants } from '../process/descendants.js';
import { requireObservable } from '../process/executable.js';
import { requireProcess } from '../process/processes.js';
import { startedBy } from './startedBy.js';

/** What to record: a program to start, or a process that is already running. */
export type RecordTarget = ProgramTarget | ProcessTarget;

export interface ProgramTarget {
  readonly kind: 'program';
  /** What its run is called; like the program by default. */
  readonly name?: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Gives the program a terminal, or the standard streams of this process. By default its output is logged, and it reads nothing. */
  readonly terminal?: Terminal;
  /** Where the program reads from without a terminal, relative to `cwd`; nothing by default. */
  readonly stdin?: { readonly file: string };
  /** Set on top of the inherited environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder to run in; that of this process by default. */
  readonly cwd?: string;
}

export interface ProcessTarget {
  readonly kind: 'process';
  readonly pid: number;
}

/** What an editor's terminal says of itself. The editor isn't started in one: its environment lacks it. */
const asTerminal = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };

/** What a command line starts in a folder: the same for whatever named it. */
export function commandTarget({ stdin, ...line }: CommandLine, cwd: string, name?: string): ProgramTarget {
  return {
    kind: 'program',
    ...(name === undefined ? {} : { name }),
    ...line,
    cwd,
    ...(stdin === undefined ? {} : { stdin: { file: stdin } }),
  };
}

/** A target that was found to exist: how perf records it, and what its run is called. */
export interface ResolvedTarget {
  readonly preset: RunPreset;
  readonly perfArguments: readonly string[];
  readonly processOptions: Pick<ProcessOptions, 'terminal' | 'stdin' | 'cwd' | 'env'>;
  /** What to do if there were no samples. */
  readonly noSamplesRemedy: string;
  /** The process that is attached to. */
  readonly pid?: number;
  /** That the program failed, for the user: it may not have come to what was to be measured. */
  failure(result: ProcessResult): string[];
  /**
   * How a recording that nobody stopped ended, for the user.
   * @param limited whether a time limit was set
   */
  notesOnEnd(limited: boolean): string[];
  /** How the program ended; undefined for a process, whose status only its parent learns. */
  programEnd(result: ProcessResult): ProgramEnd | undefined;
}

/** @throws LabError `program-missing`, `process-unknown`, `perf-not-permitted` */
export function resolveTarget(target: RecordTarget): Promise<ResolvedTarget> {
  return target.kind === 'process' ? resolveProcess(target) : resolveProgram(target);
}

async function resolveProgram(target: ProgramTarget): Promise<ResolvedTarget> {
  const { program, args, terminal, environment = {} } = target;
  // A folder that was deleted is still that of a program that is named by its whole path.
  const cwd = target.cwd === undefined ? currentFolder() : resolvePath(target.cwd);
  const stdin = target.stdin && resolvePath(target.stdin.file, cwd);
  if (cwd !== undefined) await checkPlace({ cwd, stdin });
  const file = await resolveCommand(program, cwd);
  await requireObservable(file, program);
  const started = await startedBy({ allocator: '', program: file, args, environment, cwd: cwd ?? '/' });
  return {
    preset: {
      ...presetOf(target.name ?? path.basename(file), 'Recorded program', file, args),
      environment,
      ...(cwd === undefined ? {} : { cwd }),
      ...(stdin === undefined ? {} : { stdin }),
    },
    perfArguments: ['--', ...started.command],
    processOptions: {
      terminal,
      stdin: stdin === undefined ? undefined : { file: stdin },
      cwd,
      env: { ...(terminal && 'device' in terminal ? asTerminal : {}), ...started.options.env },
    },
    noSamplesRemedy: 'Record a longer execution, or increase the frequency.',
    failure({ killedBy, exitCode }) {
      // perf ends a program that the kernel no longer lets it observe, as one that starts another by exec.
      if (killedBy === 'SIGTERM' && process.geteuid?.() !== 0)
        return [
          'The program was killed by SIGTERM. perf does so when a program gains rights (set-uid, capabilities) or becomes one that can only be executed: record such a program as root.',
        ];
      // perf ends like its program, so that it may be either that wrote too much.
      if (killedBy === 'SIGXFSZ')
        return [
          'The program or perf was killed by SIGXFSZ: a file reached the limit of its size (ulimit -f).',
        ];
      if (killedBy) return [`The program was killed by ${killedBy}.`];
      return exitCode === 0 ? [] : [`The program exited with status ${exitCode}.`];
    },
    notesOnEnd: () => [],
    programEnd: ({ exitCode, killedBy }) => ({ exitStatus: exitCode ?? null, signal: killedBy ?? null }),
  };
}

async function resolveProcess({ pid }: ProcessTarget): Promise<ResolvedTarget> {
  const { name, args } = await requireProcess(pid);
  const [program = '', ...rest] = args;
  return {
    // A server that names itself has a whole line there.
    preset: presetOf(
      / /.test(program) ? name : path.basename(program || name),
      `Process ${pid}`,
      program,
      rest,
    ),
    perfArguments: ['-p', String(pid)],
    processOptions: {},
    noSamplesRemedy: whenIdle(pid),
    pid,
    failure: () => [],
    notesOnEnd: (limited) => (limited ? ['The process exited before the time limit.'] : []),
    programEnd: () => undefined,
  };
}

/** How many processes a message names. */
const mostNamed = 5;

/** The first process of a server often only waits for those that work: perf records those that it starts from now on. */
function whenIdle(pid: number): string {
  const children = descendants(pid, false);
  if (children.length === 0) return 'The process may have been idle. Record for longer, or while it is busy.';
  const named = children.slice(0, mostNamed).join(', ');
  const which = children.length > mostNamed ? `${named}, and ${children.length - mostNamed} more` : named;
  return `The processes that it had started before (${which}) weren't recorded with it: record one of them, or record while this one is busy.`;
}

function presetOf(name: string, description: string, program: string, args: readonly string[]): RunPreset {
  return { name, description, environment: {}, program, args };
}
