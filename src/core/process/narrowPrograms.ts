import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execute } from './childProcess.js';

/**
 * Whether the kernel executes 32-bit programs. One that doesn't has no setting that says so, and refuses them with ENOEXEC,
 * upon which the C library hands them to a shell as if they were scripts: the shell's samples would be taken for theirs.
 * So the smallest program of their kind is tried.
 */

const STATUS = 42;

/** Instructions that exit with that status, by machine (System V ABI): 32-bit x86, 32-bit ARM, x86-64 with 32-bit addresses. */
const exits: Readonly<Record<number, readonly number[]>> = {
  // mov eax, 1; mov ebx, 42; int 0x80
  3: [0xb8, 1, 0, 0, 0, 0xbb, STATUS, 0, 0, 0, 0xcd, 0x80],
  // mov r7, #1; mov r0, #42; svc 0
  40: [1, 0x70, 0xa0, 0xe3, STATUS, 0, 0xa0, 0xe3, 0, 0, 0, 0xef],
  // mov eax, 0x4000003c; mov edi, 42; syscall
  62: [0xb8, 0x3c, 0, 0, 0x40, 0xbf, STATUS, 0, 0, 0, 0x0f, 0x05],
};

const base = 0x10000;
const headerBytes = 52 + 32;

/** An executable of one segment: ELF header, program header, code. */
function smallest(machine: number, code: readonly number[]): Buffer {
  const file = Buffer.alloc(headerBytes + code.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeUInt32LE(base + headerBytes, 24);
  file.writeUInt32LE(52, 28);
  // The fifth version of the ABI of ARM; unused on x86.
  file.writeUInt32LE(machine === 40 ? 0x05000000 : 0, 36);
  file.writeUInt16LE(52, 40);
  file.writeUInt16LE(32, 42);
  file.writeUInt16LE(1, 44);
  for (const [at, value] of [1, 0, base, base, file.length, file.length, 5, 0x1000].entries())
    file.writeUInt32LE(value, 52 + 4 * at);
  file.set(code, headerBytes);
  return file;
}

const known = new Map<number, Promise<boolean>>();

/** Asks once. True where it can't be tried, as for other machines, or where temporary files may not be executed. */
export function runsNarrow(machine: number): Promise<boolean> {
  let answer = known.get(machine);
  if (!answer) known.set(machine, (answer = tryNarrow(machine)));
  return answer;
}

async function tryNarrow(machine: number): Promise<boolean> {
  const code = exits[machine];
  if (!code) return true;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-narrow-'));
  try {
    const file = path.join(folder, 'exit');
    await writeFile(file, smallest(machine, code));
    await chmod(file, 0o700);
    // Its bytes can be a command that writes a file (62 is >): it does so in a folder that is removed.
    const { exitCode } = await execute(file, [], { cwd: folder, limitSeconds: 5 });
    // A shell doesn't find a command in it, or no text at all.
    return exitCode === STATUS || (exitCode !== 127 && exitCode !== 126 && exitCode !== 2);
  } catch {
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
