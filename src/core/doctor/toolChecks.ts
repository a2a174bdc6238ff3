import { readFile } from 'node:fs/promises';
import { run } from '../process/run.js';
import { findCommand, installRemedy } from '../process/tools.js';
import type { DoctorCheck, DoctorContext } from './check.js';

/** Runs callgrind on the smallest program there is: valgrind may be there and fail on the processor or libc. */
export async function valgrindCheck({ signal }: DoctorContext): Promise<DoctorCheck> {
  const name = 'Exact instruction counts';
  if (!(await findCommand('valgrind'))) {
    return {
      name,
      status: 'limited',
      detail: 'valgrind is not on PATH: instructions cannot be counted with callgrind.',
      remedy: installRemedy('valgrind'),
    };
  }
  const result = await run('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--', 'true'], {
    signal,
    env: { LC_ALL: 'C' },
  });
  const counted = /Collected\s*:\s*(\d+)/.exec(result.stderr)?.[1];
  if (result.exitCode === 0 && counted !== undefined) {
    return {
      name,
      status: 'ok',
      detail: 'callgrind counts every instruction, also without hardware counters',
    };
  }
  return {
    name,
    status: 'limited',
    detail: `callgrind failed: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    remedy: {
      text: 'Run it in a terminal to see the whole message.',
      command: 'valgrind --tool=callgrind true',
    },
  };
}

export async function symbolizerCheck(): Promise<DoctorCheck> {
  const name = 'Functions, lines and inline frames';
  if (await findCommand('llvm-symbolizer')) return { name, status: 'ok', detail: 'llvm-symbolizer' };
  if (await findCommand('addr2line')) {
    return {
      name,
      status: 'limited',
      detail: 'addr2line: definitions are found by reading the source.',
      remedy: installRemedy('llvm-symbolizer'),
    };
  }
  return {
    name,
    status: 'missing',
    detail: 'neither llvm-symbolizer nor addr2line is on PATH.',
    remedy: installRemedy('addr2line'),
  };
}

/** The C library's debug information: without it, its inlined functions and lines are not shown. */
export async function debugInformationCheck({ signal }: DoctorContext): Promise<DoctorCheck> {
  const name = 'Debug information of the C library';
  const map = await readFile('/proc/self/maps', 'utf8').catch(() => '');
  const libc = /\s(\/\S*\/libc[.-]\S*)$/m.exec(map)?.[1];
  if (libc === undefined)
    return { name, status: 'limited', detail: 'the C library was not found in memory.' };
  const notes = await run('readelf', ['-n', libc], { signal, env: { LC_ALL: 'C' } }).catch(() => undefined);
  const id = /Build ID: ([0-9a-f]{3,})/.exec(notes?.stdout ?? '')?.[1];
  const file = id && `/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`;
  if (file && (await readFile(file).catch(() => undefined))) return { name, status: 'ok', detail: file };
  return {
    name,
    status: 'limited',
    detail: `not installed: functions of ${libc} have names, but no lines and no inlined parts.`,
    remedy: {
      text: 'Install it (Debian and Ubuntu: package libc6-dbg), or let tools fetch it (DEBUGINFOD_URLS).',
      command: 'sudo apt-get install -y libc6-dbg',
    },
  };
}
