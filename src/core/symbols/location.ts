/**
 * A location in a program's code: what a runtime address refers to. Locations in files are the same wherever the file was
 * mapped and in every process, so that each is symbolized once.
 */
export interface Location {
  /**
   * What is mapped there: the path of an executable, library, or kernel module, or one of the kernel's names for what isn't
   * a file: `[vdso]`, `[kernel.kallsyms]`, `[guest.kernel]`, `//anon`, `[heap]`, `/memfd:…`. Undefined if nothing is
   * mapped as far as the recording tells.
   */
  readonly module: string | undefined;
  /** Byte offset in the file; the runtime address if there is no file (`pid` then identifies the process). */
  readonly offset: number;
  /**
   * The runtime address, any of them if a file was mapped more than once. The upper half of the 64-bit address space is
   * negative, so that kernel addresses are exact: `BigInt.asUintN(64, BigInt(address))` is the address.
   */
  readonly address: number;
  readonly mode: CpuMode;
  /** The process, for memory that isn't a file (code of a JIT compiler); else undefined. */
  readonly pid: number | undefined;
  /** Hexadecimal, if the recording has it for this module. */
  readonly buildId: string | undefined;
  /** Of the file that was mapped, if the recording has it instead of a build ID. */
  readonly inode?: number | undefined;
  /** The name of code that the recording itself names: what the kernel generated (BPF, ftrace). */
  readonly symbol: string | undefined;
  /** Which of the functions that were at the address, one after the other: a number in the dump of the runtime. */
  readonly code?: number | undefined;
}

/** `PERF_RECORD_MISC_CPUMODE` of a sample, or the context marker in a call chain. */
export type CpuMode = 'user' | 'kernel' | 'hypervisor' | 'guest-kernel' | 'guest-user';

export const kernelModule = '[kernel.kallsyms]';

/**
 * Memory without a file: code in it was generated at run time. Shared memory is that of a runtime once its name is removed;
 * before, it may as well be a program that was built or copied there.
 */
export function isAnonymous(module: string): boolean {
  return (
    /^(\/\/anon|\/anon_hugepage|\/dev\/zero|\/memfd:|\/SYSV|\/dev\/shm\/.* \(deleted\)$|\[heap\]|\[stack|\[anon)/.test(
      module,
    ) || module === ''
  );
}

/** The address that one of the kernel's symbols had, the upper half of the address space negative. */
export interface KernelReference {
  readonly symbol: string;
  readonly address: number;
}
