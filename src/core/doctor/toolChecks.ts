import { access, constants, readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../process/run.js';
import { installRemedy } from '../process/packages.js';
import { findCommand } from '../process/tools.js';
import { ElfFile } from '../symbols/elfFile.js';
import { STORE_FOLDER } from '../store/runStore.js';
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
export async function debugInformationCheck(): Promise<DoctorCheck> {
  const name = 'Debug information of the C library';
  const map = await readFile('/proc/self/maps', 'utf8').catch(() => '');
  const libc = /\s(\/\S*\/(?:libc[.-]|ld-musl-)\S*)$/m.exec(map)?.[1];
  if (libc === undefined)
    return { name, status: 'limited', detail: 'the C library was not found in memory.' };
  const id = await buildIdOf(libc);
  const file =
    id === undefined ? undefined : `/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`;
  const present =
    file !== undefined &&
    (await access(file).then(
      () => true,
      () => false,
    ));
  if (present) return { name, status: 'ok', detail: file };
  return {
    name,
    status: 'limited',
    detail: `not installed: functions of ${libc} have names, but no lines and no inlined parts.`,
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

/** Recordings and runs are written there. */
export async function folderCheck(folder: string): Promise<DoctorCheck> {
  const name = 'Place for recordings';
  const store = path.join(folder, STORE_FOLDER);
  const [exists, place] = await access(store).then(
    () => [true, store],
    () => [false, folder],
  );
  const writable = await access(place as string, constants.W_OK).then(
    () => '',
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown error',
  );
  if (writable === '') {
    const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
    const free = (bavail * bsize) / 2 ** 30;
    if (free >= 1)
      return {
        name,
        status: 'ok',
        detail: `${store}, ${free === Infinity ? 'some' : free.toFixed(0)} GiB free`,
      };
    return {
      name,
      status: 'limited',
      detail: `${store} has ${(free * 1024).toFixed(0)} MiB left; a recording may need more.`,
      remedy: {
        text: 'Make room on its disk, or delete old runs.',
        command: `du -sh '${store}/runs'/* | sort -h`,
      },
    };
  }
  const why =
    writable === 'EROFS' ? 'its file system is mounted read-only' : `access is refused (${writable})`;
  return {
    name,
    status: 'missing',
    detail: `${exists ? store : `${store} cannot be made`}: ${why}, so nothing can be measured here.`,
    remedy: {
      text:
        writable === 'EROFS'
          ? 'Mount it writable (of a container: its volume without :ro), or copy the folder to where you may write.'
          : 'Give yourself the right to write there, or copy the folder to where you may write.',
    },
  };
}
