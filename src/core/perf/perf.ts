import { LabError } from '../labError.js';
import { run, type RunOptions, type RunResult } from '../process/run.js';
import { missingTool } from '../process/tools.js';
import type { PerfFacts } from './machine.js';
import type { Scope } from './options.js';
import { permissionRemedy } from './remedies.js';

/**
 * Messages by which perf says that the kernel or a container's seccomp filter refused it. Some filters say that there
 * is no such system call.
 */
const refused =
  /permission denied|operation not permitted|no permission to|not have permission|access to performance monitoring|perf_event_paranoid|sys_perf_event_open\(\).*function not implemented/i;

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
