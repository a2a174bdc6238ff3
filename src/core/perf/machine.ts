import type { TaskContext } from '../context.js';
import { exists, readRegularText } from '../files.js';
import { ask } from '../process/childProcess.js';

/** An integer from /proc/sys, or undefined if it can't be read. */
export async function readSysctl(name: string): Promise<number | undefined> {
  try {
    const text = await readRegularText(`/proc/sys/${name.replaceAll('.', '/')}`);
    const value = Number.parseInt(text, 10);
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** What determines the permission to measure. */
export interface PerfFacts {
  readonly root: boolean;
  /** kernel.perf_event_paranoid, undefined if it can't be read. */
  readonly paranoid: number | undefined;
  /** Effective capabilities that override the setting: CAP_PERFMON, CAP_SYS_ADMIN. */
  readonly capabilities: readonly string[];
  /** Whether a filter is active, which can block single system calls. */
  readonly seccomp: boolean;
  readonly container: string | undefined;
}

export async function perfFacts(): Promise<PerfFacts> {
  const status = await readRegularText('/proc/self/status').catch(() => '');
  return {
    root: process.geteuid?.() === 0,
    paranoid: await readSysctl('kernel.perf_event_paranoid'),
    ...parseStatus(status),
    container: await container(),
  };
}

/** Capability numbers of linux/capability.h. */
const capabilities = { CAP_SYS_ADMIN: 21, CAP_PERFMON: 38 } as const;

/** Reads `/proc/self/status` (proc_pid_status(5)). */
export function parseStatus(status: string): Pick<PerfFacts, 'capabilities' | 'seccomp'> {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return {
    capabilities: Object.entries(capabilities)
      .filter(([, bit]) => (effective >> BigInt(bit)) & 1n)
      .map(([name]) => name),
    seccomp: /^Seccomp:\s*2/m.test(status),
  };
}

/** The kind of container this process runs in; undefined outside a container. */
export async function container(): Promise<string | undefined> {
  if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'Kubernetes';
  const text = (file: string) => readRegularText(file).catch(() => '');
  const [groups = '', first = '', mounts = ''] = await Promise.all(
    ['/proc/1/cgroup', '/run/systemd/container', '/proc/self/mountinfo'].map(text),
  );
  // Set for the container's first process, and usually inherited (systemd's container interface).
  const manager = first || (process.env['container'] ?? '');
  const kind = containerOf({ groups, manager, mounts });
  if (kind !== undefined || hasOwnDisk(mounts)) return kind;
  if (await exists('/run/.containerenv')) return 'Podman';
  return (await exists('/.dockerenv')) ? 'Docker' : undefined;
}

/**
 * Whether the root file system is a whole disk. Containers have a layer or a folder of the host instead, whereas virtual
 * machines made from a container image contain the same marker files as a container.
 * @param mounts `/proc/self/mountinfo`: id, parent, device, root within it, mount point, …, `-`, type, source
 */
export function hasOwnDisk(mounts: string): boolean {
  return /^\d+ \d+ \S+ \/ \/ .* - \S+ \/dev\/(?!mapper\/docker-)/m.test(mounts);
}

interface ContainerSigns {
  /** `/proc/1/cgroup`: tells nothing if the container sees only its own group. */
  readonly groups: string;
  /** The name that systemd and other managers give themselves. */
  readonly manager: string;
  /** `/proc/self/mountinfo`: files like /etc/hosts are mounted from the manager's own folder. */
  readonly mounts: string;
}

export function containerOf({ groups, manager, mounts }: ContainerSigns): string | undefined {
  if (/kubepods/.test(groups) || /\/kubelet\/pods\//.test(mounts)) return 'Kubernetes';
  if (/libpod/.test(groups) || /^podman/.test(manager) || /\/overlay-containers\//.test(mounts))
    return 'Podman';
  if (/docker|containerd/.test(groups) || /^docker/.test(manager) || /\/docker\/containers\//.test(mounts))
    return 'Docker';
  if (/\blxc\b|lxc\.payload/.test(groups) || /^lxc/.test(manager)) return 'LXC';
  return manager.trim() || undefined;
}

/** The hypervisor of a virtual machine as lscpu names it; undefined on bare metal or if unknown. */
export async function hypervisor(context: Pick<TaskContext, 'signal'>): Promise<string | undefined> {
  const cpu = await readRegularText('/proc/cpuinfo').catch(() => '');
  const flagged = /^flags\b.*\bhypervisor\b/m.test(cpu);
  const text = await ask('lscpu', [], context);
  const vendor = /^Hypervisor vendor:\s*(.+)$/m.exec(text)?.[1]?.trim();
  return vendor ?? (flagged ? 'unknown hypervisor' : undefined);
}
