/**
 * A place in a program's code: what a runtime address means. Places in files are the same wherever the file was
 * mapped and whichever process ran it, so that each is symbolized once.
 */
export interface Location {
  /**
   * What is mapped there: the path of an executable, library or kernel module as the recording names it, or one of
   * the kernel's names for what is no file: `[vdso]`, `[kernel.kallsyms]`, `[guest.kernel]`, `//anon`, `[heap]`,
   * `/memfd:…`. Undefined where nothing is mapped as far as the recording tells.
   */
  readonly module: string | undefined;
  /** Byte offset in the file; the runtime address where there is no file (`pid` then tells whose). */
  readonly offset: number;
  /**
   * The runtime address, one of them where a file was mapped more than once. The upper half of the 64-bit address
   * space is negative, so that kernel addresses are exact: `BigInt.asUintN(64, BigInt(address))` is the address.
   */
  readonly address: number;
  readonly mode: CpuMode;
  /** The process whose memory it is, for memory that is no file (what a JIT compiler made); else undefined. */
  readonly pid: number | undefined;
  /** Hexadecimal, where the recording tells it for this module. */
  readonly buildId: string | undefined;
  /** The name of the code where the recording itself tells it: programs that the kernel made (BPF, ftrace). */
  readonly symbol: string | undefined;
}

/** Who ran: `PERF_RECORD_MISC_CPUMODE` of a sample, or the context marker in a call chain. */
export type CpuMode = 'user' | 'kernel' | 'hypervisor' | 'guest-kernel' | 'guest-user';

export const kernelModule = '[kernel.kallsyms]';

/** Memory whose content no file has: machine code found there was made at run time. */
export function isAnonymous(module: string): boolean {
  return (
    /^(\/\/anon|\/anon_hugepage|\/dev\/zero|\/memfd:|\/SYSV|\/dev\/shm\/|\[heap\]|\[stack|\[anon)/.test(
      module,
    ) || module === ''
  );
}
