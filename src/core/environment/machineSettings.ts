import { readdir } from 'node:fs/promises';
import { readRegularText } from '../files.js';
import { cgroupFile } from './cgroup.js';

/**
 * Settings of the machine that change figures without any change of the program, under the names that people see. What can't
 * be read here is absent.
 */
export async function machineSettings(): Promise<Record<string, string>> {
  const cpu = '/sys/devices/system/cpu';
  const found = await Promise.all(
    Object.entries({
      Microcode: field('/proc/cpuinfo', /^microcode\s*:\s*(\S+)$/m),
      'Frequency governor': field(`${cpu}/cpu0/cpufreq/scaling_governor`, /^(\S+)/),
      'Frequency boost': boost(cpu),
      SMT: field(`${cpu}/smt/control`, /^(\S+)/).then((smt) =>
        smt === 'notsupported' ? 'not supported' : smt,
      ),
      'NUMA nodes': numaNodes(),
      'CPU limit (cgroup)': cpuLimit(),
      'Memory limit (cgroup)': cgroupFile('memory.max'),
      'Transparent huge pages': field('/sys/kernel/mm/transparent_hugepage/enabled', /\[(\w+)\]/),
      ASLR: field('/proc/sys/kernel/randomize_va_space', /^(\d)/),
      'Usable CPUs': field('/proc/self/status', /^Cpus_allowed_list:\s*(\S+)$/m),
    }).map(async ([name, value]) => [name, await value] as const),
  );
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function field(file: string, pattern: RegExp): Promise<string | undefined> {
  const text = await readRegularText(file).catch(() => '');
  return pattern.exec(text)?.[1];
}

/** Intel's driver says whether boost is off, all others whether it is on. */
async function boost(cpu: string): Promise<string | undefined> {
  const off = await field(`${cpu}/intel_pstate/no_turbo`, /^(\d)/);
  const on = await field(`${cpu}/cpufreq/boost`, /^(\d)/);
  if (off !== undefined) return off === '0' ? 'on' : 'off';
  return on === undefined ? undefined : on === '1' ? 'on' : 'off';
}

async function numaNodes(): Promise<string | undefined> {
  const names = await readdir('/sys/devices/system/node').catch(() => []);
  const nodes = names.filter((name) => /^node\d+$/.test(name)).length;
  return nodes > 0 ? String(nodes) : undefined;
}

/** `1.5 CPUs`, or `none`. */
async function cpuLimit(): Promise<string | undefined> {
  const [quota = '', period = ''] = ((await cgroupFile('cpu.max')) ?? '').split(' ');
  if (quota === 'max') return 'none';
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? `${cpus} CPUs` : undefined;
}
