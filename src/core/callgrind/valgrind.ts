import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { readRegular } from '../files.js';
import { subjectOptions, type Subject } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { checkExit, commandAndErrors, execute, type ProcessResult } from '../process/childProcess.js';
import { findCommand, missingTool } from '../process/tools.js';

/** What callgrind wrote for one thread of one process. */
export interface CallgrindDump {
  readonly pid: number;
  /** 1 is the main thread. */
  readonly thread: number;
  readonly text: Buffer;
}

export interface CallgrindRun {
  readonly dumps: readonly CallgrindDump[];
  readonly stdout: string;
  readonly command: string;
  readonly seconds: number;
}

/** Its absolute path: it gets the environment of the program, which must not decide where it is. @throws LabError `tool-missing` */
export async function requireValgrind(): Promise<string> {
  const found = await findCommand('valgrind');
  if (found === undefined) throw missingTool('valgrind');
  return found;
}

/**
 * Runs a program to completion under callgrind, which executes it on a simulated processor and counts its instructions
 * by address and thread. Unlike memcheck, callgrind doesn't replace the allocator.
 * @param base prefix of files that don't exist yet; they are removed afterwards
 * @throws LabError `start-failed`, `not-supported`, `program-failed`, `canceled`
 */
export async function runCallgrind(
  subject: Subject,
  base: string,
  context: Pick<TaskContext, 'signal'>,
): Promise<CallgrindRun> {
  const folder = path.dirname(base);
  const prefix = `${path.basename(base)}.`;
  const written = async () => (await readdir(folder)).filter((name) => name.startsWith(prefix)).sort();
  try {
    const started = performance.now();
    const result = await execute(
      await requireValgrind(),
      [
        '-q',
        '--tool=callgrind',
        // Pipes for a debugger, in the folder for temporary files, that stay when it is killed.
        '--vgdb=no',
        '--dump-instr=yes',
        '--dump-line=yes',
        '--separate-threads=yes',
        // %p is the process ID: a forked child must not overwrite its parent's counts.
        `--callgrind-out-file=${base.replaceAll('%', '%%')}.%p`,
        subject.program,
        ...subject.args,
      ],
      { ...subjectOptions(subject), signal: context.signal },
    );
    const seconds = (performance.now() - started) / 1000;
    checkValgrind(result);
    const dumps: CallgrindDump[] = [];
    for (const name of await written()) {
      // BASE.PID-THREAD; the file without a thread number is empty.
      const [, pid, thread] = /^(\d+)-(\d+)$/.exec(name.slice(prefix.length)) ?? [];
      if (pid === undefined) continue;
      dumps.push({
        pid: Number(pid),
        thread: Number(thread),
        text: await readRegular(path.join(folder, name), 2 ** 31),
      });
    }
    return { dumps, stdout: result.stdout, command: result.command, seconds };
  } finally {
    for (const name of await written().catch(() => [])) await rm(path.join(folder, name), { force: true });
  }
}

function checkValgrind(result: ProcessResult): void {
  if (result.killedBy === 'SIGILL' || /Unrecognised instruction|unhandled instruction/.test(result.stderr)) {
    throw new LabError('not-supported', "The program uses instructions that valgrind doesn't support.", {
      detail: commandAndErrors(result),
      remedy: {
        text: 'Build the program for an older processor (-march=x86-64-v3 instead of -march=native), or install a newer valgrind.',
      },
    });
  }
  checkExit(result);
}
