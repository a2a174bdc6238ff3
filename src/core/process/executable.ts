import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { openRegular } from '../files.js';
import { LabError } from '../labError.js';
import { execute } from './childProcess.js';
import { runsNarrow } from './narrowPrograms.js';
import { findCommand } from './tools.js';

/** The start of an executable: its kind, and for a script its interpreter. */
const headBytes = 4096;

/** Machines of ELF files (System V ABI) that run here, by the architecture of this process. */
const machines: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  arm64: [183, 40],
  ia32: [3],
  arm: [40],
  riscv64: [243],
  ppc64: [21],
  s390x: [22],
  loong64: [258],
};
/** The class of 32-bit ELF files. */
const NARROW = 1;
const machineNames: Readonly<Record<number, string>> = {
  3: '32-bit x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: '64-bit PowerPC',
  22: 'IBM Z',
  40: '32-bit ARM',
  62: 'x86-64',
  183: 'ARM64',
  243: 'RISC-V',
  258: 'LoongArch',
};

/**
 * Tells why a program can't be started before it is tried: afterwards, the operating system has one error for several
 * reasons, and tools in between have their own.
 * @param file as it was found
 * @param program as the user wrote it
 * @throws LabError `program-missing`, `start-failed`
 */
export async function requireExecutable(file: string, program: string): Promise<void> {
  if (program === '')
    throw new LabError('program-missing', 'The name of the program is empty.', {
      detail: 'A variable of the shell that stands for it may have no value.',
      remedy: { text: 'Name a program after --.' },
    });
  const status = await stat(file).catch((error: NodeJS.ErrnoException) => error);
  if (status instanceof Error) {
    throw new LabError('program-missing', `The program ${program} ${absence(status)}.`, {
      ...(file === program ? {} : { detail: `Looked for ${file}.` }),
      remedy: { text: 'Check the path, or build the program first.' },
      cause: status,
    });
  }
  const refuse = (what: string, text: string, detail = file) => {
    throw new LabError('start-failed', `${program} ${what}.`, { detail, remedy: { text } });
  };
  if (status.isDirectory()) refuse('is a folder', 'Name a program in it.');
  if (!status.isFile()) refuse("isn't a program but a device or pipe", 'Name a program.');
  if (!(await runs(file))) {
    if ((status.mode & 0o111) === 0)
      refuse("isn't executable", `Make it executable with chmod +x, or name its interpreter first.`);
    refuse(
      "can't be executed",
      'Ask for permission, or copy it to a place that you may execute programs from.',
      `${file}: you may not execute it, or its file system is mounted with noexec.`,
    );
  }
  const head = await headOf(file);
  if (head === undefined) return;
  if (head.length === 0) refuse('is empty', 'Build it again.');
  // As the kernel reads it: a carriage return is part of the name.
  const script = /^#![ \t]*([^ \t\n\0]+)/.exec(head.toString('latin1'));
  if (script) await requireInterpreter(Buffer.from(script[1] as string, 'latin1').toString(), refuse);
  else if (head.length >= 4 && head.readUInt32BE(0) === 0x7f454c46) {
    if (head.length < 64) refuse('ends within its header', 'It is damaged or incomplete: build it again.');
    await requireMachine(head, refuse);
  }
}

type Refuse = (what: string, text: string, detail?: string) => void;

function absence({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return "doesn't exist";
  if (code === 'EACCES') return "can't be reached: you may not look into one of its folders";
  if (code === 'ENOTDIR') return "doesn't exist: a part of its path isn't a folder";
  if (code === 'ELOOP') return "can't be reached: its links lead in a circle";
  return `can't be reached: ${message}`;
}

async function requireInterpreter(interpreter: string, refuse: Refuse): Promise<void> {
  const found = await stat(interpreter).catch(() => undefined);
  const carriage = interpreter.endsWith('\r') ? ' The first line ends with a carriage return.' : '';
  if (!found)
    refuse(
      `can't be started: its interpreter ${interpreter} doesn't exist`,
      'Install the interpreter, or correct the first line of the script.',
      `It is a script, and its first line names ${interpreter}.${carriage}`,
    );
  else if (!found.isFile() || !(await runs(interpreter)))
    refuse(
      `can't be started: its interpreter ${interpreter} isn't executable`,
      'Correct the first line of the script.',
    );
}

async function requireMachine(head: Buffer, refuse: Refuse): Promise<void> {
  const little = head[5] === 1;
  const machine = little ? head.readUInt16LE(18) : head.readUInt16BE(18);
  const runnable = machines[process.arch];
  if (runnable && !(little && runnable.includes(machine)) && !(await hasEmulators())) {
    const of = machineNames[machine] ?? `machine ${machine}`;
    refuse(
      `is a program for another processor (${of})`,
      `Build it for this machine (${process.arch}), or measure it on one that runs it.`,
    );
  }
  if (little && head[4] === NARROW && process.arch !== 'ia32' && process.arch !== 'arm')
    if (!(await runsNarrow(machine)))
      refuse(
        "is a 32-bit program, which this kernel doesn't execute",
        'Build it for 64 bits, or measure it on a machine whose kernel executes 32-bit programs.',
        'The kernel answers with ENOEXEC (Exec format error).',
      );
  const loader = loaderOf(head);
  if (loader !== undefined && !(await stat(loader).catch(() => undefined)))
    refuse(
      `can't be started: its loader ${loader} doesn't exist`,
      'Install the C library that it was linked with, or link it statically.',
      `The program asks for the dynamic loader ${loader}, as programs for another C library or architecture do.`,
    );
}

/** The program header PT_INTERP: the path of the dynamic loader. */
function loaderOf(head: Buffer): string | undefined {
  const wide = head[4] === 2;
  const number = (at: number) => (wide ? Number(head.readBigUInt64LE(at)) : head.readUInt32LE(at));
  try {
    const [table, size, count] = wide
      ? [number(32), head.readUInt16LE(54), head.readUInt16LE(56)]
      : [number(28), head.readUInt16LE(42), head.readUInt16LE(44)];
    for (let i = 0; i < count; i++) {
      const entry = table + i * size;
      if (head.readUInt32LE(entry) !== 3) continue;
      const start = number(entry + (wide ? 8 : 4));
      const length = number(entry + (wide ? 32 : 16));
      if (start + length > head.length) return undefined;
      return head.toString('utf8', start, start + length).replace(/\0.*$/s, '');
    }
  } catch {
    // The headers are elsewhere in the file.
  }
  return undefined;
}

/** Whether the kernel runs programs of other machines through an emulator (binfmt_misc). */
async function hasEmulators(): Promise<boolean> {
  const names = await readdir('/proc/sys/fs/binfmt_misc').catch(() => [] as string[]);
  return names.some((name) => name !== 'register' && name !== 'status');
}

/** What may be executed need not be readable. */
async function headOf(file: string): Promise<Buffer | undefined> {
  const handle = await openRegular(file).catch(() => undefined);
  try {
    const read = await handle?.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return read?.buffer.subarray(0, read.bytesRead);
  } finally {
    await handle?.close();
  }
}

function isReadable(file: string): Promise<boolean> {
  return may(file, constants.R_OK);
}

function runs(file: string): Promise<boolean> {
  return may(file, constants.X_OK);
}

async function may(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

/** Bits of a mode that have a program run with the rights of its owner or group. */
const setId = { user: 0o4000, group: 0o2000 } as const;

/**
 * The kernel stops measuring a program that gains rights, unless who measures has them already.
 * @throws LabError `perf-not-permitted`
 */
export async function requireObservable(file: string, program: string): Promise<void> {
  if (process.geteuid?.() === 0) return;
  const { mode, uid, gid } = await stat(file);
  const refuse = (what: string, why: string, detail: string, text: string) => {
    throw new LabError('perf-not-permitted', `${program} ${what}: the kernel doesn't let ${why}.`, {
      detail,
      remedy: { text },
    });
  };
  if (!(await isReadable(file)))
    refuse(
      "can't be read",
      'users observe what they may only execute',
      `${file}: you may execute it, but not read it.`,
      'Record it as root, or ask for permission to read it.',
    );
  // The kernel ignores what a script's file says: its interpreter runs.
  if ((await headOf(file))?.toString('latin1', 0, 2) === '#!') return;
  const copy = 'Record it as root, or record a copy, which has no such rights.';
  const gained = await capabilitiesOf(file);
  if (gained !== undefined)
    refuse(
      'has capabilities of its own',
      'other users observe it',
      `${file} runs with the rights ${gained}.`,
      copy,
    );
  const user = (mode & setId.user) !== 0 && uid !== process.geteuid?.();
  const group = (mode & setId.group) !== 0 && (mode & 0o010) !== 0 && gid !== process.getegid?.();
  if (!user && !group) return;
  refuse(
    `is ${user ? 'set-uid' : 'set-gid'}`,
    'other users observe it',
    `${file} runs with the rights of ${user ? `user ${uid}` : `group ${gid}`}.`,
    copy,
  );
}

/** What `getcap` says of a file, such as `cap_net_raw=ep`; undefined without any, and where nothing tells. */
async function capabilitiesOf(file: string): Promise<string | undefined> {
  // Users don't have the folders of the system's commands on their PATH.
  const getcap = await findCommand('getcap', `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`);
  if (getcap === undefined) return undefined;
  const { stdout } = await execute(getcap, [file], { limitSeconds: 5 });
  return / (?:= )?(cap_\S+)$/.exec(stdout.trimEnd())?.[1];
}
