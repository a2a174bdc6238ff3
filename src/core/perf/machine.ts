import { readFile } from 'node:fs/promises';

/** A whole number from /proc/sys, or undefined where it is not readable. */
export async function readSysctl(name: string): Promise<number | undefined> {
  try {
    const text = await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8');
    const value = Number.parseInt(text, 10);
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

export const perfEventParanoid = (): Promise<number | undefined> => readSysctl('kernel.perf_event_paranoid');
