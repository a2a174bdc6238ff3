import { subjectOptions, type Subject } from '../bench/subject.js';
import type { ProcessOptions } from '../process/childProcess.js';
import { findCommand } from '../process/tools.js';

/** What also changes how the tool works that starts the program: how it is loaded, found, configured, and what it prints. */
const ofTools = /^(LD_\w+|GLIBC_TUNABLES|MALLOC_\w+|PERF_\w+|PATH|HOME|LANG|LC_\w+|LANGUAGE|PAGER|TERM)$/;

/** A program as an operand of a tool, and how both are started. */
interface Started {
  readonly command: readonly string[];
  readonly options: ProcessOptions;
}

/**
 * The environment of a preset is for its program. A tool gets it too, since it passes it on; but not where it would change
 * the tool itself: then `env` sets it between the two, and its start, half a millisecond, is part of what is measured.
 */
export async function startedBy(subject: Subject): Promise<Started> {
  const { program, args, environment } = subject;
  if (!Object.keys(environment).some((name) => ofTools.test(name)))
    return { command: [program, ...args], options: subjectOptions(subject) };
  const env = (await findCommand('env')) ?? '/usr/bin/env';
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  // To env, a path with an equals sign is one more assignment.
  const between = program.includes('=') ? ['/bin/sh', '-c', 'exec "$0" "$@"'] : [];
  return {
    command: [env, ...assignments, ...between, program, ...args],
    options: subjectOptions({ ...subject, environment: {} }),
  };
}
