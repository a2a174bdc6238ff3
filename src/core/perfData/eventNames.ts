import type { EventAttributes } from './attributes.js';

/** Names as `perf list` has them. Sources: perf_event.h (PERF_COUNT_*), perf's evsel.c. */
const hardware = [
  'cycles',
  'instructions',
  'cache-references',
  'cache-misses',
  'branches',
  'branch-misses',
  'bus-cycles',
  'stalled-cycles-frontend',
  'stalled-cycles-backend',
  'ref-cycles',
];
const software = [
  'cpu-clock',
  'task-clock',
  'page-faults',
  'context-switches',
  'cpu-migrations',
  'minor-faults',
  'major-faults',
  'alignment-faults',
  'emulation-faults',
  'dummy',
  'bpf-output',
  'cgroup-switches',
];
const caches = ['L1-dcache', 'L1-icache', 'LLC', 'dTLB', 'iTLB', 'branch', 'node'];
const cacheOperations = ['load', 'store', 'prefetch'];

const tracepoint = 2;

/** What an event is called where the recording does not tell what it was called on the command line. */
export function eventName(attributes: EventAttributes, pmus: ReadonlyMap<number, string>): string {
  const modifiers = attributes.type === tracepoint ? '' : modifiersOf(attributes);
  return bareName(attributes, pmus) + (modifiers === '' ? '' : `:${modifiers}`);
}

/**
 * The modes that are counted where some are not, the precision, and host or guest where that is not what perf
 * chooses itself: guests are left out unless modes or a precision were asked for (perf's evsel.c).
 */
function modifiersOf(attributes: EventAttributes): string {
  const { excludeUser, excludeKernel, excludeHypervisor, excludeHost, excludeGuest, precise } = attributes;
  const modes = excludeUser || excludeKernel || excludeHypervisor;
  let modifiers = '';
  if (modes)
    modifiers += `${excludeKernel ? '' : 'k'}${excludeUser ? '' : 'u'}${excludeHypervisor ? '' : 'h'}`;
  modifiers += 'p'.repeat(precise);
  if (excludeHost || excludeGuest === (modes || precise > 0))
    modifiers += `${excludeHost ? '' : 'H'}${excludeGuest ? '' : 'G'}`;
  return modifiers;
}

function bareName({ type, config }: EventAttributes, pmus: ReadonlyMap<number, string>): string {
  // Processors of several kinds have the kind's PMU in the upper half of the config.
  const event = config % 2 ** 32;
  switch (type) {
    case 0:
      return hardware[event] ?? `hardware event ${config}`;
    case 1:
      return software[config] ?? `software event ${config}`;
    case tracepoint:
      return `tracepoint ${config}`;
    case 3: {
      const cache = caches[event & 0xff];
      const operation = cacheOperations[(event >>> 8) & 0xff];
      if (cache === undefined || operation === undefined) return `cache event 0x${event.toString(16)}`;
      return `${cache}-${operation}${(event >>> 16) & 1 ? '-misses' : 's'}`;
    }
    case 4:
      return `r${config.toString(16)}`;
    case 5:
      return 'mem breakpoint';
    default:
      return `${pmus.get(type) ?? `pmu ${type}`}/config=0x${config.toString(16)}/`;
  }
}

/** perf adds such an event for itself, to receive mappings and threads. */
export function isDummy({ type, config }: EventAttributes): boolean {
  return type === 1 && config === 9;
}
