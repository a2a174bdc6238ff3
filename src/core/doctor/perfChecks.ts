import os from 'node:os';
import { count } from '../../text/numbers.js';
import { exists, readRegularText } from '../files.js';
import { isCanceled, LabError, type Remedy } from '../labError.js';
import { container, perfFacts, readSysctl } from '../perf/machine.js';
import { hardwareEvents, softwareEvents } from '../perf/options.js';
import { answerSeconds, notPermitted, perf } from '../perf/perf.js';
import { probeEvent, requireCallGraph } from '../perf/probe.js';
import { kernelSymbolsRemedy, permissionRemedy, sysctlRemedy } from '../perf/remedies.js';
import { asRoot } from '../process/packages.js';
import { commandCheck, orLimited, type DoctorCheck, type DoctorContext } from './check.js';

const pmuRemedy: Remedy = {
  text: "Measure on bare metal or on a virtual machine with a PMU (in clouds: bare-metal or large instances; in KVM: -cpu host,pmu=on). Shares of time aren't affected. Instructions can be counted with callgrind instead.",
  command: 'hakmem-lab profile PRESET --counter callgrind',
};

const notAllowed = 'not permitted';

/** What `perf` can count and sample on this machine with the current permissions. */
export async function perfChecks(context: DoctorContext): Promise<DoctorCheck[]> {
  const installed = await commandCheck(
    'perf',
    'perf',
    'missing',
    'nothing can be counted or sampled',
    context,
  );
  if (installed.status === 'missing') return [installed];
  const found = new Map<string, string>();
  const probe = async (event: string): Promise<LabError | undefined> => {
    try {
      const result = await probeEvent(event, context);
      found.set(event, result.counted ? '' : result.reason);
      return undefined;
    } catch (error) {
      if (!(error instanceof LabError) || isCanceled(error)) throw error;
      found.set(event, notAllowed);
      return error;
    }
  };
  // Users who may measure their own code may lack permission to measure kernel code.
  const ofKernel = ['context-switches', 'cpu-clock:k'];
  let userRefusal: LabError | undefined;
  for (const event of [...hardwareEvents, ...softwareEvents].map(probed)) {
    const refused = await probe(event);
    if (!ofKernel.includes(event)) userRefusal ??= refused;
  }
  const kernelRefusal = await probe('cpu-clock:k');
  // If a filter claims that the system call doesn't exist, perf reports every event as unsupported.
  if (userRefusal) for (const [event, reason] of found) if (reason !== '') found.set(event, notAllowed);
  return [
    versionCheck(installed),
    await permissionCheck(userRefusal),
    await kernelPermissionCheck(found.get('cpu-clock:k') === '', userRefusal),
    ...hardwareEvents.map((event) => eventCheck(event, found, pmuRemedy, userRefusal)),
    ...softwareEvents.map((event) => eventCheck(event, found, undefined, userRefusal ?? kernelRefusal)),
    await samplingCheck(found),
    ...(await callGraphChecks(found, context)),
    await mlockCheck(),
    await tracefsCheck(),
    await kernelSymbolsCheck(),
  ];
}

function versionCheck(installed: DoctorCheck): DoctorCheck {
  const numbers = (text: string) => (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const [perfMajor = 0, perfMinor = 0] = numbers(installed.detail);
  const [major = 0, minor = 0] = numbers(os.release());
  const older = perfMajor < major || (perfMajor === major && perfMinor < minor);
  const detail = `${installed.detail}, kernel ${major}.${minor}`;
  // perf works with older and newer kernels; an older perf just lacks newer features.
  return {
    ...installed,
    detail: older ? `${detail} (an older perf works with this kernel)` : detail,
  };
}

async function permissionCheck(refusal: LabError | undefined): Promise<DoctorCheck> {
  const name = 'Permission to measure';
  if (refusal)
    return {
      name,
      status: 'missing',
      detail: refusal.detail.split('\n')[0] ?? '',
      ...(refusal.remedy ? { remedy: refusal.remedy } : {}),
    };
  const { paranoid, capabilities, seccomp, container } = await perfFacts();
  const detail = [
    `kernel.perf_event_paranoid is ${paranoid ?? 'unreadable'}`,
    capabilities.length > 0 ? capabilities.join(' and ') : 'no capabilities',
    `${container ? `container (${container}) ` : ''}${seccomp ? 'with' : 'without'} a seccomp filter`,
  ];
  return { name, status: 'ok', detail: detail.join(', ') };
}

async function kernelPermissionCheck(
  allowed: boolean,
  userRefusal: LabError | undefined,
): Promise<DoctorCheck> {
  const name = 'Permission to measure kernel code';
  if (allowed) return { name, status: 'ok', detail: 'scopes kernel and both are available' };
  if (userRefusal) {
    const { remedy } = userRefusal;
    return {
      name,
      status: 'limited',
      detail: 'not permitted (all perf events are blocked).',
      ...(remedy ? { remedy } : {}),
    };
  }
  const facts = await perfFacts();
  return {
    name,
    status: 'limited',
    detail: `${notPermitted('', facts, 'kernel').detail} User code isn't affected.`,
    remedy: permissionRemedy(facts, 'kernel'),
  };
}

/** The event to probe: in user code, unless it only happens in the kernel. */
function probed(event: string): string {
  return event === 'context-switches' ? event : `${event}:u`;
}

function eventCheck(
  event: string,
  found: ReadonlyMap<string, string>,
  remedy: Remedy | undefined,
  refusal: LabError | undefined,
): DoctorCheck {
  const reason = found.get(probed(event)) ?? 'not checked';
  const name = `Event ${event}`;
  if (reason === '') return { name, status: 'ok', detail: `available (${probed(event)})` };
  const fitting = reason === notAllowed ? refusal?.remedy : remedy;
  return { name, status: 'limited', detail: `${reason}.`, ...(fitting ? { remedy: fitting } : {}) };
}

async function samplingCheck(found: ReadonlyMap<string, string>): Promise<DoctorCheck> {
  const rate = await readSysctl('kernel.perf_event_max_sample_rate');
  const event = ['cycles:u', 'cpu-clock:u'].find((e) => found.get(e) === '');
  return {
    name: 'Sampling',
    status: event === undefined ? 'missing' : event === 'cycles:u' ? 'ok' : 'limited',
    detail: `${event === undefined ? 'no event' : event}, up to ${rate === undefined ? 'an unknown number of' : count(rate)} samples per second`,
  };
}

async function callGraphChecks(
  found: ReadonlyMap<string, string>,
  context: DoctorContext,
): Promise<DoctorCheck[]> {
  const name = (kind: string) => `Call graph ${kind}`;
  const sampled = ['cycles:u', 'cpu-clock:u'].find((e) => found.get(e) === '');
  const fp: DoctorCheck = sampled
    ? { name: name('fp'), status: 'ok', detail: 'for programs built with -fno-omit-frame-pointer' }
    : { name: name('fp'), status: 'missing', detail: 'no event can be sampled.' };
  return [
    fp,
    await orLimited(name('dwarf'), () => dwarfCheck(name('dwarf'), sampled, context)),
    await lbrCheck(name('lbr'), found, context),
  ];
}

async function dwarfCheck(
  name: string,
  sampled: string | undefined,
  { signal }: DoctorContext,
): Promise<DoctorCheck> {
  if (sampled === undefined) return { name, status: 'missing', detail: 'no event can be sampled.' };
  const { stdout, stderr } = await perf(['version', '--build-options'], {
    signal,
    limitSeconds: answerSeconds,
  });
  const unwinder = /\b(?:libunwind|dwarf-unwind-support|libdw-dwarf-unwind|libdw): \[ on/i.test(
    stdout + stderr,
  );
  if (unwinder) return { name, status: 'ok', detail: 'for any program with unwind tables; 8 KiB per sample' };
  return {
    name,
    status: 'limited',
    detail: 'perf was built without an unwinder (libunwind or libdw).',
    remedy: {
      text: "Install the distribution's perf, or build perf with libunwind. Until then, build the program with -fno-omit-frame-pointer and use fp.",
      command: 'perf version --build-options',
    },
  };
}

async function lbrCheck(
  name: string,
  found: ReadonlyMap<string, string>,
  context: DoctorContext,
): Promise<DoctorCheck> {
  const instead: Remedy = { text: 'Use call graph fp, or dwarf for programs without frame pointers.' };
  const reason = found.get('cycles:u');
  if (reason !== '')
    return { name, status: 'limited', detail: `${reason ?? 'not checked'}.`, remedy: instead };
  try {
    await requireCallGraph('lbr', ['cycles:u'], context);
    return { name, status: 'ok', detail: 'the processor has last branch records' };
  } catch (error) {
    if (!(error instanceof LabError) || isCanceled(error)) throw error;
    return { name, status: 'limited', detail: error.detail, remedy: instead };
  }
}

/** perf may lock kernel.perf_event_mlock_kb per processor in addition to the user's limit. */
async function mlockCheck(): Promise<DoctorCheck> {
  const name = 'Memory for recordings';
  const kib = await readSysctl('kernel.perf_event_mlock_kb');
  const limits = await readRegularText('/proc/self/limits').catch(() => '');
  const locked = /^Max locked memory\s+(\S+)/m.exec(limits)?.[1] ?? '0';
  const own = locked === 'unlimited' ? Infinity : Number(locked) / 1024;
  const facts = await perfFacts();
  const limit = own === Infinity ? 'unlimited' : `limited to ${count(own)} KiB`;
  const detail = `${kib === undefined ? 'an unknown number of' : count(kib)} KiB per processor (kernel.perf_event_mlock_kb), locked memory ${limit}`;
  // perf record needs 129 pages of 4 KiB per processor.
  if (kib === undefined || kib >= 516 || own === Infinity || facts.capabilities.length > 0)
    return { name, status: 'ok', detail };
  return {
    name,
    status: 'limited',
    detail: `${detail}; perf record needs 516 KiB per processor.`,
    remedy: sysctlRemedy('raise the limit', 'kernel.perf_event_mlock_kb=516', facts),
  };
}

async function tracefsCheck(): Promise<DoctorCheck> {
  const name = 'Tracepoints';
  for (const folder of ['/sys/kernel/tracing', '/sys/kernel/debug/tracing']) {
    if (await exists(`${folder}/events`)) return { name, status: 'ok', detail: folder };
  }
  return {
    name,
    status: 'limited',
    detail: "tracefs isn't mounted or isn't readable. HAKMEM Lab doesn't need it.",
    remedy: tracefsRemedy(await container()),
  };
}

function tracefsRemedy(inside: string | undefined): Remedy {
  return inside === undefined
    ? {
        text: 'To use tracepoints with other tools, mount tracefs until the next reboot.',
        command: asRoot('mount -t tracefs nodev /sys/kernel/tracing'),
      }
    : {
        text: "To use tracepoints with other tools, start the container with the host's folder.",
        command: `${inside === 'Podman' ? 'podman' : 'docker'} run -v /sys/kernel/tracing:/sys/kernel/tracing:ro …`,
      };
}

async function kernelSymbolsCheck(): Promise<DoctorCheck> {
  const name = 'Kernel symbols';
  const text = await readRegularText('/proc/kallsyms').catch(() => '');
  const shown = text.split('\n', 50).some((line) => /^0*[1-9a-f][0-9a-f]* /.test(line));
  const restrict = await readSysctl('kernel.kptr_restrict');
  const { paranoid, container: inside, root } = await perfFacts();
  const settings = `kernel.kptr_restrict is ${restrict ?? 'unreadable'}, kernel.perf_event_paranoid is ${paranoid ?? 'unreadable'}`;
  if (shown) return { name, status: 'ok', detail: `/proc/kallsyms, ${settings}` };
  const readable = text !== '';
  return {
    name,
    status: 'limited',
    detail: `${readable ? 'hidden' : "/proc/kallsyms can't be read"} (${settings}). User code isn't affected.`,
    remedy: kernelSymbolsRemedy({ restrict, paranoid, readable, container: inside, root }),
  };
}
