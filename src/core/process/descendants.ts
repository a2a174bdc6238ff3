import { readdirSync, readFileSync } from 'node:fs';

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/**
 * The processes that come from one: its children and theirs, and those of its own group or session, wherever they were
 * adopted. Read at once and without waiting, so that it also works while this process exits.
 * @param leads whether the process leads a group and a session of its own
 */
export function descendants(root: number, leads: boolean): number[] {
  const found = new Set([root]);
  const all = entries();
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent, group, session } of all) {
      if (found.has(parent) || (leads && (group === root || session === root))) found.add(pid);
    }
  }
  found.delete(root);
  found.delete(process.pid);
  return [...found];
}

/**
 * The processes that have a variable in the environment that they were started with: also those whose parents have ended
 * and that have a session of their own. Costs a read for each process of the user.
 */
export function withVariable(assignment: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const variables = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
      return variables.includes(assignment) && statFields(name)?.[0] !== 'Z' ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function entries(): Entry[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const fields = statFields(name);
    // One that has ended, and whose parent doesn't ask how, isn't there for any purpose.
    if (!fields || fields[0] === 'Z') return [];
    const [, parent, group, session] = fields.map(Number);
    return [{ pid: Number(name), parent: parent ?? 0, group: group ?? 0, session: session ?? 0 }];
  });
}

/**
 * When a process started, in clock ticks since boot: with it, a reused ID is told apart. Undefined if it has ended, also if
 * nobody asked how: in a container, there may be no process that does.
 */
export function startTime(pid: number): string | undefined {
  const fields = statFields(String(pid));
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

/** In clock ticks. */
export interface ProcessorTime {
  readonly user: number;
  readonly kernel: number;
}

/** What a process has used, with its children that have ended; undefined if it is gone. */
export function processorTime(pid: number): ProcessorTime | undefined {
  const fields = statFields(String(pid));
  if (!fields) return undefined;
  const [user = 0, kernel = 0, childUser = 0, childKernel = 0] = fields.slice(11, 15).map(Number);
  return { user: user + childUser, kernel: kernel + childKernel };
}

/** Whether the session of a process has a terminal; undefined if the process is gone. */
export function hasTerminal(pid: number): boolean | undefined {
  const device = statFields(String(pid))?.[4];
  return device === undefined ? undefined : device !== '0';
}

export function leadsSession(pid: number): boolean {
  return statFields(String(pid))?.[3] === String(pid);
}

/** The fields of /proc/PID/stat from the third one on (proc_pid_stat(5)): state, parent, group, session, … */
function statFields(pid: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command in parentheses, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
