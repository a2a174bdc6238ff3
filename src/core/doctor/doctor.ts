import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { preloadLibraries } from '../bench/rivals.js';
import { LabError, type Remedy } from '../labError.js';
import { perfEventParanoid, readSysctl } from '../perf/machine.js';
import { isRefusal, notPermitted, perf } from '../perf/perf.js';
import { samplingEvents } from '../perf/record.js';
import { run } from '../process/run.js';
import { findCommand, installRemedy } from '../process/tools.js';

/** `limited`: it works, with less; `missing`: nothing that needs it can work. */
export type CheckStatus = 'ok' | 'limited' | 'missing';

export interface DoctorCheck {
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  readonly remedy?: Remedy;
}

export interface DoctorReport {
  readonly machine: string;
  readonly checks: readonly DoctorCheck[];
}

interface DoctorContext {
  readonly signal?: AbortSignal | undefined;
}

const hardwareEvents = ['cycles:u', 'instructions:u', 'cache-misses:u', 'branch-misses:u'];
const softwareEvents = ['task-clock', 'cpu-clock:u', 'page-faults:u', 'context-switches'];

/** Tries everything the lab needs; each check starts at most one short program. */
export async function runDoctor(context: DoctorContext): Promise<DoctorReport> {
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  return {
    machine: `${cpu}, ${os.cpus().length} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${os.release()}`,
    checks: [
      await commandCheck('C compiler', 'cc', 'missing', 'nothing can be built'),
      await commandCheck('make', 'make', 'missing', 'nothing can be built'),
      ...(await perfChecks(context)),
      await symbolizerCheck(),
      await kernelSymbolsCheck(),
      await commandCheck('Exact instruction counts', 'valgrind', 'limited', 'callgrind cannot be used'),
      ...(await rivalChecks()),
    ],
  };
}

async function commandCheck(
  name: string,
  command: string,
  absent: CheckStatus,
  effect: string,
): Promise<DoctorCheck> {
  if (!(await findCommand(command))) {
    return {
      name,
      status: absent,
      detail: `${command} is not on PATH: ${effect}.`,
      remedy: installRemedy(command),
    };
  }
  const { stdout } = await run(command, ['--version'], { env: { LC_ALL: 'C' } });
  return { name, status: 'ok', detail: stdout.split('\n')[0]?.trim() ?? command };
}

async function perfChecks({ signal }: DoctorContext): Promise<DoctorCheck[]> {
  const installed = await commandCheck('perf', 'perf', 'missing', 'nothing can be counted or sampled');
  if (installed.status !== 'ok') return [installed];
  const events = [...hardwareEvents, ...softwareEvents];
  const counted = new Map<string, boolean>();
  let refusal: LabError | undefined;
  for (const event of events) {
    const result = await perf(['stat', '-x', ';', '-e', event, '--', 'true'], { signal });
    if (result.exitCode !== 0 && isRefusal(result.stderr)) {
      refusal ??= notPermitted(result.stderr, await perfEventParanoid());
    }
    counted.set(event, result.exitCode === 0 && result.stderr.split('\n').some((l) => /^[\d.]+;/.test(l)));
  }
  const paranoid = await perfEventParanoid();
  const rate = await readSysctl('kernel.perf_event_max_sample_rate');
  const permission: DoctorCheck = refusal
    ? { name: 'Permission to measure', status: 'missing', detail: refusal.detail, ...remedyOf(refusal) }
    : {
        name: 'Permission to measure',
        status: 'ok',
        detail: `kernel.perf_event_paranoid is ${paranoid ?? 'not readable'}`,
      };
  return [
    installed,
    permission,
    countersCheck(
      'Hardware counters',
      hardwareEvents,
      counted,
      'no cycles, instructions or IPC; not usual outside of virtual machines',
    ),
    countersCheck('Software counters', softwareEvents, counted, 'no times or page faults'),
    {
      name: 'Sampling',
      status: samplingEvents.some((e) => counted.get(e))
        ? counted.get(samplingEvents[0])
          ? 'ok'
          : 'limited'
        : 'missing',
      detail: `event ${samplingEvents.find((e) => counted.get(e)) ?? 'none'}, up to ${rate ?? 'an unknown number of'} samples a second`,
    },
  ];
}

function remedyOf({ remedy }: LabError): { remedy?: Remedy } {
  return remedy ? { remedy } : {};
}

function countersCheck(
  name: string,
  events: readonly string[],
  counted: ReadonlyMap<string, boolean>,
  effect: string,
): DoctorCheck {
  const missing = events.filter((e) => !counted.get(e));
  if (missing.length === 0) return { name, status: 'ok', detail: events.join(', ') };
  const all = missing.length === events.length;
  return {
    name,
    status: 'limited',
    detail: `${all ? 'none' : `not ${missing.join(', ')}`}${all ? `: ${effect}` : ''}.`,
    remedy: {
      text: 'Measure on a machine, or a virtual machine type, that exposes its PMU. Times and shares are not affected.',
    },
  };
}

async function symbolizerCheck(): Promise<DoctorCheck> {
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

async function kernelSymbolsCheck(): Promise<DoctorCheck> {
  const name = 'Kernel symbols';
  const text = await readFile('/proc/kallsyms', 'utf8').catch(() => '');
  const readable = text.split('\n', 50).some((line) => /^0*[1-9a-f][0-9a-f]* /.test(line));
  if (readable) return { name, status: 'ok', detail: '/proc/kallsyms' };
  return {
    name,
    status: 'limited',
    detail: `hidden (kernel.kptr_restrict is ${(await readSysctl('kernel.kptr_restrict')) ?? 'not readable'}); user code is not affected.`,
    remedy: { text: 'Show them until the next boot.', command: 'sudo sysctl kernel.kptr_restrict=0' },
  };
}

async function rivalChecks(): Promise<DoctorCheck[]> {
  const libraries = await preloadLibraries();
  return libraries.map(({ allocator, file, package: name }) =>
    file
      ? { name: `Rival ${allocator}`, status: 'ok', detail: file }
      : {
          name: `Rival ${allocator}`,
          status: 'limited',
          detail: 'not installed: it cannot be compared with.',
          remedy: { text: `Install the Debian package ${name}.`, command: `sudo apt-get install -y ${name}` },
        },
  );
}
