import path from 'node:path';
import { readRegularText } from '../files.js';

/** The content of a file of this process's control group (cgroups(7), version 2); undefined if there is none. */
export async function cgroupFile(name: string): Promise<string | undefined> {
  const own = /^0::(\/.*)$/m.exec(await readRegularText('/proc/self/cgroup').catch(() => ''))?.[1];
  if (own === undefined) return undefined;
  const text = await readRegularText(path.join('/sys/fs/cgroup', own, name)).catch(() => undefined);
  return text?.trim();
}
