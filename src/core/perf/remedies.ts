/** What to do about a kernel that does not let us measure: pure decisions from what the machine tells of itself. */
import type { Remedy } from '../labError.js';
import { asRoot } from '../process/packages.js';
import type { PerfFacts } from './machine.js';
import type { Scope } from './options.js';

type Where = Pick<PerfFacts, 'container' | 'root'>;

/** Settings of the kernel are those of the host: a container cannot write them, whoever it runs as. */
export function sysctlRemedy(text: string, settings: string, { container, root }: Where, more = ''): Remedy {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return container === undefined
    ? { text: `${capital} until the next boot${more}.`, command: asRoot(`sysctl ${settings}`, root) }
    : {
        text: `On the host of the container, ${text} until its next boot${more}.`,
        command: `sudo sysctl ${settings}`,
      };
}

/** The largest kernel.perf_event_paranoid that lets an ordinary user measure it. */
const paranoidLimit: Readonly<Record<Scope, number>> = { user: 2, kernel: 1, both: 1 };

/** @param scope what was asked for and refused */
export function permissionRemedy(facts: PerfFacts, scope: Scope): Remedy {
  const { paranoid, container, seccomp, capabilities, root } = facts;
  const limit = paranoidLimit[scope];
  const instead = scope === 'user' ? '' : ', or measure user code only (scope user)';
  const allowed = capabilities.length > 0 || (paranoid !== undefined && paranoid <= limit);
  const setting = 'kernel.perf_event_paranoid=1';
  switch (container) {
    case undefined:
      break;
    case 'Kubernetes':
      return {
        text: `Give the container the PERFMON capability and a seccomp profile that allows perf_event_open, in its securityContext: {"capabilities": {"add": ["PERFMON"]}, "seccompProfile": {"type": "Unconfined"}}${instead}.`,
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
        ? 'The setting allows it, so the container forbids it'
        : 'The container forbids it';
      const profile = seccomp
        ? ' Instead of none, a seccomp profile that allows perf_event_open will do.'
        : '';
      return {
        text: `${forbidden}: start it anew with these options${instead}.${profile}`,
        command: `${tool} run ${needs.join(' ')} …`,
      };
    }
    default:
      if (allowed && seccomp)
        return {
          text: `The setting allows it, so the container's seccomp filter forbids it: let its manager (${container}) allow perf_event_open${container === 'LXC' ? ', in lxc.seccomp.profile' : ''}${instead}.`,
        };
      return sysctlRemedy('allow it', setting, facts, ` (this needs ${limit} or less)${instead}`);
  }
  if (allowed && seccomp) {
    return {
      text: `The setting allows it, so a seccomp filter forbids it: have whatever started this (a container, a sandbox, a service with SystemCallFilter) allow perf_event_open${instead}.`,
      command: 'grep Seccomp /proc/self/status',
    };
  }
  if (allowed && root) {
    return {
      text: 'The kernel refuses even root: a security module or lockdown forbids it; see the kernel log.',
      command: 'dmesg | tail',
    };
  }
  return sysctlRemedy('allow it', setting, facts, ` (this needs ${limit} or less)${instead}`);
}

/** What hides the kernel's addresses. Undefined where they are not readable. */
export interface KernelSymbolFacts extends Where {
  /** kernel.kptr_restrict. */
  readonly restrict: number | undefined;
  /** kernel.perf_event_paranoid: at 0 of the former, addresses are still for those who may observe the kernel. */
  readonly paranoid: number | undefined;
  /** Whether /proc/kallsyms can be read at all. */
  readonly readable: boolean;
}

/** As the kernel decides (kernel/ksyms_common.c, kallsyms_show_value). */
export function kernelSymbolsRemedy(facts: KernelSymbolFacts): Remedy {
  const { restrict, paranoid, readable, container } = facts;
  if (!readable)
    return container === undefined
      ? { text: 'Use a kernel that was built with CONFIG_KALLSYMS.' }
      : {
          text: 'Have the container show /proc/kallsyms, which it hides.',
          command:
            container === 'Podman'
              ? 'podman run --security-opt unmask=ALL …'
              : 'docker run --security-opt systempaths=unconfined …',
        };
  const settings = [
    ...(restrict === 0 ? [] : ['kernel.kptr_restrict=0']),
    ...(paranoid !== undefined && paranoid <= 1 ? [] : ['kernel.perf_event_paranoid=1']),
  ];
  return sysctlRemedy('show them', settings.join(' ') || 'kernel.kptr_restrict=0', facts);
}
