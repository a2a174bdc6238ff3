import { isCanceled, LabError, type Remedy } from '../labError.js';
import { ask } from '../process/childProcess.js';
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
  context: DoctorContext,
): Promise<DoctorCheck> {
  if (!(await findCommand(command))) {
    return {
      name,
      status: absent,
      detail: `${command} isn't on PATH: ${effect}.`,
      remedy: installRemedy(command),
    };
  }
  const version = (await ask(command, ['--version'], context)).split('\n')[0]?.trim();
  if (version) return { name, status: 'ok', detail: version };
  return {
    name,
    status: 'limited',
    detail: `${command} --version printed nothing or didn't end.`,
    remedy: { text: 'Run it in a terminal to see why.', command: `${command} --version` },
  };
}

/** A check that can't be made, since a tool hangs or fails, is limited; the others are made nevertheless. */
export async function orLimited(name: string, check: () => Promise<DoctorCheck>): Promise<DoctorCheck> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LabError) || isCanceled(error)) throw error;
    const { message, remedy } = error;
    return { name, status: 'limited', detail: message, ...(remedy ? { remedy } : {}) };
  }
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
