import { access, constants, statfs } from 'node:fs/promises';
import { bytes } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { exists, readRegularText } from '../files.js';
import { answerSeconds } from '../perf/perf.js';
import { execute } from '../process/childProcess.js';
import { installRemedy } from '../process/packages.js';
import { findCommand } from '../process/tools.js';
import { buildIdOf } from '../symbols/buildId.js';
import { RunStore } from '../store/runStore.js';
import { stateFolderOf } from '../store/stateFolder.js';
import { orLimited, type DoctorCheck, type DoctorContext } from './check.js';

/** Runs callgrind on a minimal program: an installed valgrind may not support the processor or libc. */
export function valgrindCheck(context: DoctorContext): Promise<DoctorCheck> {
  const name = 'Exact instruction counts';
  return orLimited(name, () => tryValgrind(name, context));
}

async function tryValgrind(name: string, { signal }: DoctorContext): Promise<DoctorCheck> {
  if (!(await findCommand('valgrind'))) {
    return {
      name,
      status: 'limited',
      detail: "valgrind isn't on PATH: instructions can't be counted with callgrind.",
      remedy: installRemedy('valgrind'),
    };
  }
  const result = await execute(
    'valgrind',
    ['--tool=callgrind', '--vgdb=no', '--callgrind-out-file=/dev/null', '--', 'true'],
    {
      signal,
      limitSeconds: answerSeconds,
      env: { LC_ALL: 'C' },
    },
  );
  const counted = /Collected\s*:\s*(\d+)/.exec(result.stderr)?.[1];
  if (result.exitCode === 0 && counted !== undefined) {
    return {
      name,
      status: 'ok',
      detail: 'callgrind counts every instruction, even without hardware counters',
    };
  }
  return {
    name,
    status: 'limited',
    detail: `callgrind failed: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    remedy: {
      text: 'Run it in a terminal to see the full message.',
      command: 'valgrind --tool=callgrind true',
    },
  };
}

export async function symbolizerCheck(): Promise<DoctorCheck> {
  const name = 'Functions, lines, and inline frames';
  if (await findCommand('llvm-symbolizer')) return { name, status: 'ok', detail: 'llvm-symbolizer' };
  if (await findCommand('addr2line')) {
    return {
      name,
      status: 'limited',
      detail: 'addr2line: definitions are found by searching the source.',
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

/** Without debug information, inlined functions and lines of the C library aren't shown. */
export async function debugInformationCheck(): Promise<DoctorCheck> {
  const name = 'Debug information of the C library';
  const map = await readRegularText('/proc/self/maps').catch(() => '');
  const libc = /\s(\/\S*\/(?:libc[.-]|ld-musl-)\S*)$/m.exec(map)?.[1];
  if (libc === undefined) return { name, status: 'limited', detail: "the C library wasn't found in memory." };
  const id = await buildIdOf(libc);
  const file =
    id === undefined ? undefined : `/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`;
  if (file !== undefined && (await exists(file))) return { name, status: 'ok', detail: file };
  return {
    name,
    status: 'limited',
    detail: `not installed: functions of ${libc} have names, but no lines and no inlined functions.`,
    remedy: installRemedy('debug information of the C library'),
  };
}

/** Recordings and runs are saved there. */
export async function folderCheck(folder: string): Promise<DoctorCheck> {
  const name = 'Run folder';
  const { folder: store, runsFolder } = new RunStore(folder);
  const created = await exists(store);
  const writable = await access(created ? store : folder, constants.W_OK).then(
    () => '',
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown error',
  );
  if (writable === '') {
    const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
    const free = bavail * bsize;
    if (free >= 2 ** 30)
      return { name, status: 'ok', detail: free === Infinity ? store : `${store}, ${bytes(free)} free` };
    return {
      name,
      status: 'limited',
      detail: `${store} has only ${bytes(free)} free; a recording may need more.`,
      remedy: {
        text: 'Free up disk space, or delete old runs.',
        command: `du -sh ${shellWord(runsFolder)}/* | sort -h`,
      },
    };
  }
  const why = writable === 'EROFS' ? 'the file system is read-only' : `access is denied (${writable})`;
  return {
    name,
    status: 'limited',
    detail: `${store} ${created ? "isn't writable" : "can't be created"}: ${why}. Runs are kept in ${stateFolderOf(folder)}.`,
    remedy: {
      text:
        writable === 'EROFS'
          ? 'To keep them here, mount the file system writable (in a container: the volume without :ro).'
          : 'To keep them here, grant yourself write permission.',
    },
  };
}
