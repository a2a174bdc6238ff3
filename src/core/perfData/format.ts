/**
 * Numbers of the perf.data format. Sources: linux include/uapi/linux/perf_event.h and
 * tools/perf/Documentation/perf.data-file-format.txt.
 */
export const MAGIC = 'PERFILE2';
export const HEADER_SIZE = 104;

/** perf_event_attr.sample_type bits, in the order in which a sample's fields follow one another up to CALLCHAIN. */
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
  IDENTIFIER: 1 << 16,
} as const;

/** perf_event_attr flag bits (the 64-bit field after read_format). */
export const AttrFlag = { SAMPLE_ID_ALL: 1 << 18 } as const;

export const RecordType = {
  MMAP: 1,
  LOST: 2,
  COMM: 3,
  FORK: 7,
  SAMPLE: 9,
  MMAP2: 10,
  COMPRESSED: 81,
} as const;

export const CPUMODE_MASK = 7;
export const CPUMODE_KERNEL = 1;
export const MISC_COMM_EXEC = 1 << 13;
export const MISC_MMAP_BUILD_ID = 1 << 14;
export const MISC_BUILD_ID_SIZE = 1 << 15;

export const Feature = { BUILD_ID: 2, EVENT_DESC: 12 } as const;

/** Entries of a call chain from 0xffff_ffff_ffff_f001 on are context markers (PERF_CONTEXT_MAX is -4095). */
export const CONTEXT_MAX_LOW = 0xffff_f001;

/** Nothing is mapped below; a frame-pointer walk that ran off the stack ends with such values. */
export const FIRST_PAGE = 4096;
