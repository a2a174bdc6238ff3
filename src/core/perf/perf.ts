import { LabError } from '../labError.js';
import { run, type RunOptions, type RunResult } from '../process/run.js';
import { missingTool } from '../process/tools.js';

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

/** @param paranoid the value of kernel.perf_event_paranoid, when it could be read */
export function notPermitted(stderr: string, paranoid: number | undefined): LabError {
  const container = paranoid !== undefined && paranoid <= 2;
  return new LabError('perf-not-permitted', 'perf is not permitted to measure on this machine.', {
    detail: [
      paranoid === undefined ? '' : `kernel.perf_event_paranoid is ${paranoid}.`,
      ...stderr.trim().split('\n').slice(0, 3),
    ]
      .filter(Boolean)
      .join('\n'),
    remedy: container
      ? {
          text: 'The setting allows it, so a container probably forbids it: start the container with the PERFMON capability and a seccomp profile that allows perf_event_open.',
          command: 'docker run --cap-add PERFMON --security-opt seccomp=unconfined …',
        }
      : {
          text: 'Allow it until the next boot (measuring one’s own processes needs 2 or less), then try again.',
          command: 'sudo sysctl kernel.perf_event_paranoid=1',
        },
  });
}
