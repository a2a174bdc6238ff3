/** What to do if the kernel doesn't permit measuring: pure functions of facts about the machine. */
import { capitalized } from '../../text/capitalized.js';
import type { Remedy } from '../labError.js';
import { asRoot } from '../process/packages.js';
import type { PerfFacts } from './machine.js';
import type { Scope } from './options.js';

type Where = Pick<PerfFacts, 'container' | 'root'>;

/** Kernel settings are the host's: a container can't change them, not even as root. */
export function sysctlRemedy(text: string, settings: string, { container, root }: Where, more = ''): Remedy {
  const capital = capitalized(text);
  return container === undefined
    ? { text: `${capital} until the next reboot${more}.`, command: asRoot(`sysctl ${settings}`, root) }
    : {
        text: `On the container's host, ${text} until its next reboot${more}.`,
        command: `sudo sysctl ${settings}`,
      };
}

/** The largest kernel.perf_event_paranoid that permits an ordinary user to measure the scope. */
const paranoidLimit: Readonly<Record<Scope, number>> = { user: 2, kernel: 1, both: 1 };

/** @param scope what was requested and refused */
export function permissionRemedy(facts: PerfFacts, scope: Scope): Remedy {
  const { paranoid, container, seccomp, capabilities, root } = facts;
  const limit = paranoidLimit[scope];
  const instead = scope === 'user' ? '' : ', or measure user code only (--scope user)';
  const allowed = capabilities.length > 0 || (paranoid !== undefined && paranoid <= limit);
  const setting = 'kernel.perf_event_paranoid=1';
  switch (container) {
    case undefined:
      break;
    case 'Kubernetes':
      return {
        text: `In the container's securityContext, add the PERFMON capability and a seccomp profile that allows perf_event_open: {"capabilities": {"add": ["PERFMON"]}, "seccompProfile": {"type": "Unconfined"}}${instead}.`,
      };
    case 'Docker':
    case 'Podman': {
      const tool = container === 'Podman' ? 'podman' : 'docker';
      const needs = [
        ...(capabilities.length > 0 ? [] : ['--cap-add PERFMON']),
        ...(seccomp ? ['--security-opt seccomp=unconfined'] : []),
      ];
      if (needs.length === 0) break;
      const forbidden = allowed
        ? 'The kernel setting allows measuring, but the container blocks it'
        : 'The container blocks measuring';
      const profile = seccomp ? ' A seccomp profile that allows perf_event_open also works.' : '';
      return {
        text: `${forbidden}. Restart it with these options${instead}.${profile}`,
        command: `${tool} run ${needs.join(' ')} …`,
      };
    }
    default:
      if (allowed && seccomp)
        return {
          text: `The kernel setting allows measuring, but the container's seccomp filter blocks it. Allow perf_event_open in the configuration of ${container}${container === 'LXC' ? ' (lxc.seccomp.profile)' : ''}${instead}.`,
        };
      return sysctlRemedy('allow measuring', setting, facts, ` (${limit} or less is required)${instead}`);
  }
  if (allowed && seccomp) {
    return {
      text: `The kernel setting allows measuring, but a seccomp filter blocks it. Allow perf_event_open where this process was started (a container, a sandbox, a service with SystemCallFilter)${instead}.`,
      command: 'grep Seccomp /proc/self/status',
    };
  }
  if (allowed && root) {
    return {
      text: 'The kernel refuses even root, so a security module or lockdown mode blocks measuring. See the kernel log.',
      command: 'dmesg | tail',
    };
  }
  return sysctlRemedy('allow measuring', setting, facts, ` (${limit} or less is required)${instead}`);
}

/** What hides kernel addresses. Undefined settings can't be read. */
interface KernelSymbolFacts extends Where {
  /** kernel.kptr_restrict. */
  readonly restrict: number | undefined;
  /** kernel.perf_event_paranoid: if kptr_restrict is 0, addresses are shown to those who may measure kernel code. */
  readonly paranoid: number | undefined;
  /** Whether /proc/kallsyms can be read at all. */
  readonly readable: boolean;
}

/** Follows the kernel's own rule (kernel/ksyms_common.c, kallsyms_show_value). */
export function kernelSymbolsRemedy(facts: KernelSymbolFacts): Remedy {
  const { restrict, paranoid, readable, container } = facts;
  if (!readable)
    return container === undefined
      ? { text: 'Use a kernel built with CONFIG_KALLSYMS.' }
      : {
          text: 'The container hides /proc/kallsyms. Start it with this option.',
          command:
            container === 'Podman'
              ? 'podman run --security-opt unmask=ALL …'
              : 'docker run --security-opt systempaths=unconfined …',
        };
  const settings = [
    ...(restrict === 0 ? [] : ['kernel.kptr_restrict=0']),
    ...(paranoid !== undefined && paranoid <= 1 ? [] : ['kernel.perf_event_paranoid=1']),
  ];
  return sysctlRemedy('make kernel symbols readable', settings.join(' ') || 'kernel.kptr_restrict=0', facts);
}
