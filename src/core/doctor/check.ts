import type { Remedy } from '../labError.js';
import { execute } from '../process/childProcess.js';
import { installRemedy } from '../process/packages.js';
import { findCommand } from '../process/tools.js';

/** `limited`: works with restrictions; `missing`: nothing that requires it works. */
export type CheckStatus = 'ok' | 'limited' | 'missing';

export interface DoctorCheck {
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  readonly remedy?: Remedy;
}

export interface DoctorContext {
  /** The folder whose runs are, or would be, saved in it. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function commandCheck(
  name: string,
  command: string,
  absent: CheckStatus,
  effect: string,
): Promise<DoctorCheck> {
  if (!(await findCommand(command))) {
    return {
      name,
      status: absent,
      detail: `${command} isn't on PATH: ${effect}.`,
      remedy: installRemedy(command),
    };
  }
  const { stdout } = await execute(command, ['--version'], { env: { LC_ALL: 'C' } });
  return { name, status: 'ok', detail: stdout.split('\n')[0]?.trim() ?? command };
}

/** Each remedy once, with all checks that it applies to: several events may fail for one reason. */
export function groupRemedies(
  checks: readonly DoctorCheck[],
): { readonly names: readonly string[]; readonly remedy: Remedy }[] {
  const groups = new Map<string, { names: string[]; remedy: Remedy }>();
  for (const { name, remedy } of checks) {
    if (!remedy) continue;
    const key = `${remedy.text}\0${remedy.command ?? ''}`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { names: [name], remedy });
  }
  return [...groups.values()];
}
