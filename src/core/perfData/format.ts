/**
 * Numbers of the perf.data format. Sources: linux include/uapi/linux/perf_event.h,
 * tools/lib/perf/include/perf/event.h, tools/perf/util/header.h and
 * tools/perf/Documentation/perf.data-file-format.txt.
 */
export const MAGIC = 'PERFILE2';
/** perf_file_header: magic, size, attr_size, sections attrs, data and event_types, 256 feature bits. */
export const HEADER_SIZE = 104;
/** perf_pipe_file_header: magic, size. */
export const PIPE_HEADER_SIZE = 16;
/** The first version of perf_event_attr; later ones only add to its end. */
export const ATTR_SIZE_VER0 = 64;

/** perf_event_attr.sample_type bits; IDENTIFIER comes first in a sample, the others in this order. */
export const SampleType = {
  IP: 1 << 0,
  TID: 1 << 1,
  TIME: 1 << 2,
  ADDR: 1 << 3,
  READ: 1 << 4,
  CALLCHAIN: 1 << 5,
  ID: 1 << 6,
  CPU: 1 << 7,
  PERIOD: 1 << 8,
  STREAM_ID: 1 << 9,
  RAW: 1 << 10,
  BRANCH_STACK: 1 << 11,
  REGS_USER: 1 << 12,
  STACK_USER: 1 << 13,
  IDENTIFIER: 1 << 16,
} as const;

/** perf_event_attr.read_format bits. */
export const ReadFormat = {
  TOTAL_TIME_ENABLED: 1,
  TOTAL_TIME_RUNNING: 2,
  ID: 4,
  GROUP: 8,
  LOST: 16,
} as const;

/** perf_event_attr flag bits (the 64-bit field after read_format), all in its lower half. */
export const AttrFlag = {
  EXCLUDE_USER: 1 << 4,
  EXCLUDE_KERNEL: 1 << 5,
  EXCLUDE_HYPERVISOR: 1 << 6,
  FREQ: 1 << 10,
  /** Two bits from here on. */
  PRECISE_SHIFT: 15,
  SAMPLE_ID_ALL: 1 << 18,
  EXCLUDE_HOST: 1 << 19,
  EXCLUDE_GUEST: 1 << 20,
  USE_CLOCKID: 1 << 25,
} as const;

/** perf_event_attr.branch_sample_type bits. */
export const BranchSample = { CALL_STACK: 1 << 11, HW_INDEX: 1 << 17 } as const;

export const RecordType = {
  MMAP: 1,
  LOST: 2,
  COMM: 3,
  FORK: 7,
  SAMPLE: 9,
  MMAP2: 10,
  LOST_SAMPLES: 13,
  KSYMBOL: 17,
  CALLCHAIN_DEFERRED: 22,
  HEADER_ATTR: 64,
  HEADER_TRACING_DATA: 66,
  HEADER_BUILD_ID: 67,
  AUXTRACE: 71,
  EVENT_UPDATE: 78,
  HEADER_FEATURE: 80,
  COMPRESSED: 81,
  COMPRESSED2: 83,
} as const;

/** Bits of a record's `misc`. */
export const CPUMODE_MASK = 7;
export const CpuModeBits = { KERNEL: 1, USER: 2, HYPERVISOR: 3, GUEST_KERNEL: 4, GUEST_USER: 5 } as const;
export const MISC_COMM_EXEC = 1 << 13;
export const MISC_MMAP_BUILD_ID = 1 << 14;
export const MISC_BUILD_ID_SIZE = 1 << 15;
export const KSYMBOL_UNREGISTER = 1;

export const Feature = { BUILD_ID: 2, OSRELEASE: 4, EVENT_DESC: 12, PMU_MAPPINGS: 16 } as const;
export const EVENT_UPDATE_NAME = 2;

/**
 * Entries of a call chain from 0xffff_ffff_ffff_f001 on are markers (PERF_CONTEXT_MAX is -4095): they say in
 * which mode the addresses after them are. These are the low words.
 */
export const CONTEXT_MAX_LOW = 0xffff_f001;
export const Context = {
  HYPERVISOR: -32 >>> 0,
  KERNEL: -128 >>> 0,
  USER: -512 >>> 0,
  USER_DEFERRED: -640 >>> 0,
  GUEST: -2048 >>> 0,
  GUEST_KERNEL: -2176 >>> 0,
  GUEST_USER: -2560 >>> 0,
} as const;

/** Nothing is mapped below; a frame-pointer walk that ran off the stack ends with such values. */
export const FIRST_PAGE = 4096;
