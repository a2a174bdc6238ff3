import { access, constants, readFile, statfs } from 'node:fs/promises';
import { bytes } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { exists } from '../files.js';
import { execute } from '../process/childProcess.js';
import { installRemedy } from '../process/packages.js';
import { findCommand } from '../process/tools.js';
import { ElfFile } from '../symbols/elfFile.js';
import { RunStore } from '../store/runStore.js';
import type { DoctorCheck, DoctorContext } from './check.js';

/** Runs callgrind on a minimal program: an installed valgrind may not support the processor or libc. */
export async function valgrindCheck({ signal }: DoctorContext): Promise<DoctorCheck> {
  const name = 'Exact instruction counts';
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
    ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--', 'true'],
    {
      signal,
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
  const map = await readFile('/proc/self/maps', 'utf8').catch(() => '');
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

async function buildIdOf(file: string): Promise<string | undefined> {
  const elf = await ElfFile.open(file).catch(() => undefined);
  try {
    return await elf?.buildId().catch(() => undefined);
  } finally {
    await elf?.close();
  }
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
    status: 'missing',
    detail: `${store} ${created ? "isn't writable" : "can't be created"}: ${why}, so nothing can be measured here.`,
    remedy: {
      text:
        writable === 'EROFS'
          ? 'Mount the file system writable (in a container: the volume without :ro), or copy the folder to a writable place.'
          : 'Grant yourself write permission, or copy the folder to a writable place.',
    },
  };
}
