import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkExit, type Contestant } from '../bench/bench.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { run, type RunResult } from '../process/run.js';
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

/** @throws LabError `tool-missing` with the package that has it */
export async function requireValgrind(): Promise<void> {
  if (!(await findCommand('valgrind'))) throw missingTool('valgrind');
}

/**
 * Runs a program to its end under callgrind, which executes it on a simulated processor and counts its
 * instructions, by address and per thread. The allocator stays the program's: callgrind replaces no function.
 * @param base path of files that do not exist yet; they are removed again
 * @throws LabError `tool-missing`, `program-crashed`, `cancelled`
 */
export async function runCallgrind(
  contestant: Contestant,
  base: string,
  context: Pick<TaskContext, 'signal'>,
): Promise<CallgrindRun> {
  const folder = path.dirname(base);
  const prefix = `${path.basename(base)}.`;
  const written = async () => (await readdir(folder)).filter((name) => name.startsWith(prefix)).sort();
  try {
    const started = performance.now();
    const result = await run(
      'valgrind',
      [
        '-q',
        '--tool=callgrind',
        '--dump-instr=yes',
        '--dump-line=yes',
        '--separate-threads=yes',
        // %p is the process: a program that forks must not overwrite its parent's counts.
        `--callgrind-out-file=${base.replaceAll('%', '%%')}.%p`,
        contestant.program,
        ...contestant.args,
      ],
      { env: contestant.environment, signal: context.signal },
    );
    const seconds = (performance.now() - started) / 1000;
    checkValgrind(result);
    const dumps: CallgrindDump[] = [];
    for (const name of await written()) {
      // BASE.PID-THREAD; the file without a thread is empty.
      const [, pid, thread] = /^(\d+)-(\d+)$/.exec(name.slice(prefix.length)) ?? [];
      if (pid === undefined) continue;
      dumps.push({ pid: Number(pid), thread: Number(thread), text: await readFile(path.join(folder, name)) });
    }
    return { dumps, stdout: result.stdout, command: result.command, seconds };
  } finally {
    for (const name of await written().catch(() => [])) await rm(path.join(folder, name), { force: true });
  }
}

function checkValgrind(result: RunResult): void {
  if (result.killedBy === 'SIGILL' || /Unrecognised instruction|unhandled instruction/.test(result.stderr)) {
    throw new LabError('program-crashed', 'The program uses instructions that valgrind does not know.', {
      detail: [`$ ${result.command}`, ...result.stderr.trim().split('\n').slice(-8)].join('\n'),
      remedy: {
        text: 'Build it for an older processor (-march=x86-64-v3 instead of -march=native), or use a newer valgrind.',
      },
    });
  }
  checkExit(result);
}
