import { LabError } from '../labError.js';
import { execute, isNotFound, type ProcessOptions, type ProcessResult } from '../process/childProcess.js';
import { endingWithParent } from '../process/endsWithParent.js';
import { findCommand, missingTool } from '../process/tools.js';
import { shellWord } from '../../text/shellWord.js';
import type { PerfFacts } from './machine.js';
import type { Scope } from './options.js';
import { permissionRemedy } from './remedies.js';

/**
 * How perf reports that the kernel or a container's seccomp filter refused it. Some filters claim that the system call
 * doesn't exist.
 */
const refused =
  /permission denied|operation not permitted|no permission to|not have permission|access to performance monitoring|perf_event_paranoid|sys_perf_event_open\(\).*function not implemented/i;

/** Ubuntu's /usr/bin/perf is a script that fails if the perf of the running kernel isn't installed. */
const wrapperOnly = /perf not found for kernel|perf_[\d.]+ is not|couldn't find|You may need to install/i;

/** For perf commands that answer at once. */
export const answerSeconds = 30;

interface PerfOptions extends ProcessOptions {
  /** Of perf and the program that it starts; C by default, whose messages are known. */
  readonly locale?: 'inherited';
  /** Ends it with this process, also when that is killed: what records would go on for as long as its program runs. */
  readonly endsWithParent?: boolean;
}

/** Runs perf. The caller checks the exit status. @throws LabError `tool-missing` */
export async function perf(args: readonly string[], options: PerfOptions = {}): Promise<ProcessResult> {
  try {
    const language = options.locale === 'inherited' ? {} : { LC_ALL: 'C' };
    // Where there is no perf, it is perf that isn't found.
    const before = options.endsWithParent && (await findCommand('perf')) ? await endingWithParent() : [];
    const [file = '', ...rest] = [...before, 'perf', ...args];
    const ended = await execute(file, rest, { ...options, env: { ...language, ...options.env } });
    const result = { ...ended, command: ['perf', ...args].map(shellWord).join(' ') };
    if (result.exitCode !== 0 && wrapperOnly.test(result.stderr)) throw missingTool('perf', result);
    return result;
  } catch (error) {
    if (isNotFound(error)) throw missingTool('perf', error);
    throw error;
  }
}

export function isRefusal(stderr: string): boolean {
  return refused.test(stderr);
}

/**
 * A refusal with the matching remedy: permission depends on a kernel setting, on capabilities, and in a container on its
 * system call filter (perf-security in the kernel's admin guide).
 * @param scope what was requested; kernel code needs more permission than user code
 */
export function notPermitted(stderr: string, facts: PerfFacts, scope: Scope = 'user'): LabError {
  const what = scope === 'user' ? 'measure' : 'measure kernel code';
  return new LabError('perf-not-permitted', `perf isn't permitted to ${what} on this machine.`, {
    detail: [explain(facts), ...stderr.trim().split('\n').slice(0, 3)].filter(Boolean).join('\n'),
    remedy: permissionRemedy(facts, scope),
  });
}

function explain({ paranoid, capabilities, container, seccomp }: PerfFacts): string {
  return [
    paranoid === undefined ? '' : `kernel.perf_event_paranoid is ${paranoid}`,
    capabilities.length === 0
      ? 'the process has neither CAP_PERFMON nor CAP_SYS_ADMIN'
      : `the process has ${capabilities.join(' and ')}`,
    container === undefined ? '' : `it runs in a container (${container})`,
    seccomp ? 'a seccomp filter is active' : '',
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.');
}
