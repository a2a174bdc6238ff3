import { LabError, type Remedy } from '../labError.js';
import { run, type RunOptions, type RunResult } from '../process/run.js';
import { missingTool } from '../process/tools.js';
import type { PerfFacts } from './machine.js';
import type { Scope } from './options.js';

/** Messages by which perf says that the kernel or a container's seccomp filter refused it. */
const refused =
  /permission denied|operation not permitted|no permission to|not have permission|access to performance monitoring|perf_event_paranoid/i;

/** Ubuntu's /usr/bin/perf is a script that fails when the perf of the running kernel is not installed. */
const wrapperOnly = /perf not found for kernel|perf_[\d.]+ is not|couldn't find|You may need to install/i;

/** Runs perf in the C locale. @throws LabError `tool-missing`; the exit status is the caller's to judge */
export async function perf(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  try {
    const result = await run('perf', args, { ...options, env: { LC_ALL: 'C', ...options.env } });
    if (result.exitCode !== 0 && wrapperOnly.test(result.stderr)) throw missingTool('perf', result);
    return result;
  } catch (error) {
    if (error instanceof LabError && error.code === 'tool-missing') throw missingTool('perf', error);
    throw error;
  }
}

export function isRefusal(stderr: string): boolean {
  return refused.test(stderr);
}

/**
 * A refusal with the remedy that fits: who may measure what is decided by a setting of the kernel, by capabilities,
 * and in a container by its system-call filter (perf-security in the kernel's admin guide).
 * @param scope what was asked for; the kernel's part needs more than one's own code
 */
export function notPermitted(stderr: string, facts: PerfFacts, scope: Scope = 'user'): LabError {
  const what = scope === 'user' ? 'to measure' : 'to observe the kernel';
  return new LabError('perf-not-permitted', `perf is not permitted ${what} on this machine.`, {
    detail: [explain(facts), ...stderr.trim().split('\n').slice(0, 3)].filter(Boolean).join('\n'),
    remedy: permissionRemedy(facts, scope),
  });
}

function explain({ paranoid, capabilities, container, seccomp }: PerfFacts): string {
  return [
    paranoid === undefined ? '' : `kernel.perf_event_paranoid is ${paranoid}`,
    capabilities.length === 0
      ? 'neither CAP_PERFMON nor CAP_SYS_ADMIN is held'
      : `${capabilities.join(' and ')} held`,
    container === undefined ? '' : `inside a container (${container})`,
    seccomp ? 'a seccomp filter is active' : '',
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.');
}

/** The largest kernel.perf_event_paranoid that lets an ordinary user measure it. */
const paranoidLimit: Readonly<Record<Scope, number>> = { user: 2, kernel: 1, both: 1 };

export function permissionRemedy(facts: PerfFacts, scope: Scope): Remedy {
  const { paranoid, container, seccomp, capabilities, root } = facts;
  const limit = paranoidLimit[scope];
  const allowed = capabilities.length > 0 || (paranoid !== undefined && paranoid <= limit);
  if (container === 'Kubernetes') {
    return {
      text: 'Give the container the PERFMON capability and a seccomp profile that allows perf_event_open, in its securityContext: {"capabilities": {"add": ["PERFMON"]}, "seccompProfile": {"type": "Unconfined"}}.',
    };
  }
  if (container === 'LXC') {
    return {
      text: 'On the host, allow it for its containers.',
      command: 'sudo sysctl kernel.perf_event_paranoid=1',
    };
  }
  if (container !== undefined || (allowed && seccomp)) {
    const tool = container === 'Podman' ? 'podman' : 'docker';
    return {
      text: `${allowed ? 'The setting allows it, so the container forbids it' : 'The container forbids it'}: start it with the PERFMON capability and a seccomp profile that allows perf_event_open.`,
      command: `${tool} run --cap-add PERFMON --security-opt seccomp=unconfined …`,
    };
  }
  if (allowed && root) {
    return {
      text: 'The kernel refuses even root: a security module or lockdown forbids it; see the kernel log.',
      command: 'sudo dmesg | tail',
    };
  }
  const instead = scope === 'user' ? '' : ', or measure user code only (scope user)';
  return {
    text: `Allow it until the next boot (this needs ${limit} or less)${instead}, then try again.`,
    command: 'sudo sysctl kernel.perf_event_paranoid=1',
  };
}
