import { access, readFile } from 'node:fs/promises';
import os from 'node:os';
import { isCancelled, LabError, type Remedy } from '../labError.js';
import { container, perfFacts, readSysctl } from '../perf/machine.js';
import { hardwareEvents, softwareEvents } from '../perf/options.js';
import { notPermitted, perf } from '../perf/perf.js';
import { probeEvent, requireCallGraph } from '../perf/probe.js';
import { kernelSymbolsRemedy, permissionRemedy, sysctlRemedy } from '../perf/remedies.js';
import { asRoot } from '../process/packages.js';
import { commandCheck, type DoctorCheck, type DoctorContext } from './check.js';

const pmuRemedy: Remedy = {
  text: 'Measure on bare metal or on a virtual machine that exposes its PMU (bare-metal or large instance types in clouds; for KVM of one’s own, -cpu host,pmu=on). Shares of time are not affected; instructions can be counted with callgrind.',
  command: 'hakmem-lab profile PRESET --counter callgrind',
};

const notAllowed = 'not permitted';

/** What `perf` can count and sample here, under these permissions. */
export async function perfChecks(context: DoctorContext): Promise<DoctorCheck[]> {
  const installed = await commandCheck('perf', 'perf', 'missing', 'nothing can be counted or sampled');
  if (installed.status !== 'ok') return [installed];
  const found = new Map<string, string>();
  const probe = async (event: string): Promise<LabError | undefined> => {
    try {
      const result = await probeEvent(event, context);
      found.set(event, result.counted ? '' : result.reason);
      return undefined;
    } catch (error) {
      if (!(error instanceof LabError) || isCancelled(error)) throw error;
      found.set(event, notAllowed);
      return error;
    }
  };
  // What the kernel itself does may be forbidden to those who may well measure their own code.
  const ofKernel = ['context-switches', 'cpu-clock:k'];
  let userRefusal: LabError | undefined;
  for (const event of [...hardwareEvents, ...softwareEvents].map(probed)) {
    const refused = await probe(event);
    if (!ofKernel.includes(event)) userRefusal ??= refused;
  }
  const kernelRefusal = await probe('cpu-clock:k');
  // A filter that says that there is no such system call makes perf say the same of every event.
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
  // perf and kernel are compatible both ways; an older perf only does not know what is newer than it.
  return {
    ...installed,
    detail: older ? `${detail}: older than the kernel, which it can measure all the same` : detail,
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
    `kernel.perf_event_paranoid is ${paranoid ?? 'not readable'}`,
    capabilities.length > 0 ? capabilities.join(' and ') : 'no capabilities',
    `${container ? `container (${container}) ` : ''}${seccomp ? 'with' : 'without'} a seccomp filter`,
  ];
  return { name, status: 'ok', detail: detail.join(', ') };
}

async function kernelPermissionCheck(
  allowed: boolean,
  userRefusal: LabError | undefined,
): Promise<DoctorCheck> {
  const name = 'Permission to observe the kernel';
  if (allowed) return { name, status: 'ok', detail: 'scope kernel and both can be recorded' };
  if (userRefusal) {
    const { remedy } = userRefusal;
    return {
      name,
      status: 'limited',
      detail: 'not permitted, as nothing is.',
      ...(remedy ? { remedy } : {}),
    };
  }
  const facts = await perfFacts();
  return {
    name,
    status: 'limited',
    detail: `${notPermitted('', facts, 'kernel').detail} User code is not affected.`,
    remedy: permissionRemedy(facts, 'kernel'),
  };
}

/** The event as it is asked for: of user code, unless it happens in the kernel only. */
function probed(event: string): string {
  return event === 'context-switches' ? event : `${event}:u`;
}

function eventCheck(
  event: string,
  found: ReadonlyMap<string, string>,
  remedy: Remedy | undefined,
  refusal: LabError | undefined,
): DoctorCheck {
  const reason = found.get(probed(event)) ?? 'not tried';
  const name = `Event ${event}`;
  if (reason === '') return { name, status: 'ok', detail: `counted (${probed(event)})` };
  const fitting = reason === notAllowed ? refusal?.remedy : remedy;
  return { name, status: 'limited', detail: `${reason}.`, ...(fitting ? { remedy: fitting } : {}) };
}

async function samplingCheck(found: ReadonlyMap<string, string>): Promise<DoctorCheck> {
  const rate = await readSysctl('kernel.perf_event_max_sample_rate');
  const event = ['cycles:u', 'cpu-clock:u'].find((e) => found.get(e) === '');
  return {
    name: 'Sampling',
    status: event === undefined ? 'missing' : event === 'cycles:u' ? 'ok' : 'limited',
    detail: `event ${event ?? 'none'}, up to ${rate ?? 'an unknown number of'} samples a second`,
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
  return [fp, await dwarfCheck(name('dwarf'), sampled, context), await lbrCheck(name('lbr'), found, context)];
}

async function dwarfCheck(
  name: string,
  sampled: string | undefined,
  { signal }: DoctorContext,
): Promise<DoctorCheck> {
  if (sampled === undefined) return { name, status: 'missing', detail: 'no event can be sampled.' };
  const { stdout, stderr } = await perf(['version', '--build-options'], { signal });
  const unwinder = /\b(?:libunwind|dwarf-unwind-support|libdw-dwarf-unwind|libdw): \[ on/i.test(
    stdout + stderr,
  );
  if (unwinder) return { name, status: 'ok', detail: 'for any program with unwind tables; 8 KiB a sample' };
  return {
    name,
    status: 'limited',
    detail: 'this perf was built without an unwinder (libunwind or libdw).',
    remedy: {
      text: 'Use the distribution’s own perf, or build it with libunwind; until then, build the program with -fno-omit-frame-pointer and use fp.',
      command: 'perf version --build-options',
    },
  };
}

async function lbrCheck(
  name: string,
  found: ReadonlyMap<string, string>,
  context: DoctorContext,
): Promise<DoctorCheck> {
  const instead: Remedy = { text: 'Use --call-graph fp, or dwarf for programs without frame pointers.' };
  const reason = found.get('cycles:u');
  if (reason !== '') return { name, status: 'limited', detail: `${reason ?? 'not tried'}.`, remedy: instead };
  try {
    await requireCallGraph('lbr', ['cycles:u'], context);
    return { name, status: 'ok', detail: 'the processor records its last branches' };
  } catch (error) {
    if (!(error instanceof LabError) || isCancelled(error)) throw error;
    return { name, status: 'limited', detail: error.detail, remedy: instead };
  }
}

/** perf may lock kernel.perf_event_mlock_kb for each processor beyond the user's own limit. */
async function mlockCheck(): Promise<DoctorCheck> {
  const name = 'Memory for recordings';
  const kib = await readSysctl('kernel.perf_event_mlock_kb');
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const locked = /^Max locked memory\s+(\S+)/m.exec(limits)?.[1] ?? '0';
  const own = locked === 'unlimited' ? Infinity : Number(locked) / 1024;
  const facts = await perfFacts();
  const detail = `${kib ?? 'an unknown number of'} KiB per processor (kernel.perf_event_mlock_kb), ${own === Infinity ? 'no' : `${own} KiB`} limit of locked memory`;
  // perf record asks for 128 pages of 4 KiB and one more for each processor.
  if (kib === undefined || kib >= 516 || own === Infinity || facts.capabilities.length > 0)
    return { name, status: 'ok', detail };
  return {
    name,
    status: 'limited',
    detail: `${detail}: perf record asks for 516 KiB per processor.`,
    remedy: sysctlRemedy('raise it', 'kernel.perf_event_mlock_kb=516', facts),
  };
}

async function tracefsCheck(): Promise<DoctorCheck> {
  const name = 'Tracepoints';
  for (const folder of ['/sys/kernel/tracing', '/sys/kernel/debug/tracing']) {
    const readable = await access(`${folder}/events`).then(
      () => true,
      () => false,
    );
    if (readable) return { name, status: 'ok', detail: folder };
  }
  return {
    name,
    status: 'limited',
    detail: 'tracefs is not mounted or not readable; the lab does not need it.',
    remedy: tracefsRemedy(await container()),
  };
}

function tracefsRemedy(inside: string | undefined): Remedy {
  return inside === undefined
    ? {
        text: 'Mount it until the next boot.',
        command: asRoot('mount -t tracefs nodev /sys/kernel/tracing'),
      }
    : {
        text: 'Where tracepoints are wanted for other tools, start the container with the folder of the host.',
        command: `${inside === 'Podman' ? 'podman' : 'docker'} run -v /sys/kernel/tracing:/sys/kernel/tracing:ro …`,
      };
}

async function kernelSymbolsCheck(): Promise<DoctorCheck> {
  const name = 'Kernel symbols';
  const text = await readFile('/proc/kallsyms', 'utf8').catch(() => '');
  const shown = text.split('\n', 50).some((line) => /^0*[1-9a-f][0-9a-f]* /.test(line));
  const restrict = await readSysctl('kernel.kptr_restrict');
  const { paranoid, container: inside, root } = await perfFacts();
  const settings = `kernel.kptr_restrict is ${restrict ?? 'not readable'}, kernel.perf_event_paranoid ${paranoid ?? 'neither'}`;
  if (shown) return { name, status: 'ok', detail: `/proc/kallsyms, ${settings}` };
  const readable = text !== '';
  return {
    name,
    status: 'limited',
    detail: `${readable ? 'hidden' : '/proc/kallsyms cannot be read'} (${settings}); user code is not affected.`,
    remedy: kernelSymbolsRemedy({ restrict, paranoid, readable, container: inside, root }),
  };
}
