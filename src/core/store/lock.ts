import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, lstat, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from '../zod.js';
import type { TaskContext } from '../context.js';
import { readRegularText } from '../files.js';
import { canceled, LabError } from '../labError.js';
import { startTime } from '../process/descendants.js';
import type { RunStore } from './runStore.js';

/** How often, in milliseconds, a waiting process looks whether it is its turn. */
const lookMs = 250;

/** Who holds a lock: a process that can't be confused with a later one of the same ID. */
const ownerSchema = z.object({
  pid: z.int(),
  start: z.string(),
  /** Changes with every start of the machine, and differs between machines that share a folder. */
  boot: z.string(),
  /** Process IDs of another namespace, as of a container, say nothing here. */
  namespace: z.string(),
  since: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * Runs `action` while no other window or terminal builds or measures the same lab: two at once would distort each
 * other's figures and share a build folder. Waits for its turn, and takes over the lock of a process that has died.
 * @throws LabError `canceled`, `write-failed` if something else is where the lock should be
 */
export async function withLock<T>(
  store: RunStore,
  context: TaskContext,
  action: () => Promise<T>,
): Promise<T> {
  await store.prepare();
  const me = thisProcess();
  let file = store.lockFile;
  for (let told = ''; ;) {
    let owner: Owner | undefined;
    await store.whereWritable('lock', async () => {
      file = store.lockFile;
      owner = await acquire(file, me);
    });
    if (!owner) break;
    const waiting = `Waiting for ${nameOf(owner)}, which has been measuring this lab since ${owner.since} (lock: ${file})…`;
    if (waiting !== told) context.progress(waiting);
    told = waiting;
    await delay(lookMs, undefined, { signal: context.signal }).catch(() => {
      throw canceled();
    });
  }
  try {
    await store.removeLeftovers();
    return await action();
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

function thisProcess(): Owner {
  return {
    pid: process.pid,
    start: startTime(process.pid) ?? '',
    boot: boot(),
    namespace: namespace(),
    since: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

function nameOf({ pid, boot: itsBoot, namespace: its }: Owner): string {
  if (itsBoot !== boot()) return `process ${pid} of another machine`;
  return its === namespace() ? `process ${pid}` : `process ${pid} of another container`;
}

/**
 * Takes the lock if it is free or its owner is dead.
 *
 * A lock appears whole, as a link to a complete file, so that nobody reads half of it. Only who holds the lock's own lock
 * removes one whose owner is dead, and looks at it again before: so it never removes the lock of a successor.
 * @returns who holds it; undefined if it was taken
 */
async function acquire(file: string, me: Owner): Promise<Owner | undefined> {
  if (await made(file, me)) return undefined;
  const owner = await read(file);
  if (owner && isAlive(owner)) return owner;
  const takeover = `${file}.takeover`;
  const other = await acquire(takeover, me);
  if (other) return other;
  try {
    const now = await read(file);
    if (now && isAlive(now)) return now;
    await rm(file, { force: true });
    return (await made(file, me)) ? undefined : await read(file);
  } finally {
    await rm(takeover, { force: true });
  }
}

async function made(file: string, me: Owner): Promise<boolean> {
  const whole = `${file}.${me.pid}-${me.start}-${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(whole, `${JSON.stringify(me)}\n`, { flag: 'wx' });
    await link(whole, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(whole, { force: true });
  }
}

/** @returns undefined for a lock that is gone, or that nobody can hold. @throws LabError `write-failed` */
async function read(file: string): Promise<Owner | undefined> {
  const status = await lstat(file).catch(() => undefined);
  if (!status) return undefined;
  if (!status.isFile())
    throw new LabError('write-failed', `${file} isn't a lock.`, {
      detail: `It is a ${status.isDirectory() ? 'folder' : 'link or device'}, where the lock of a measurement should be.`,
      remedy: { text: 'Remove it.' },
    });
  const text = await readRegularText(file).catch(() => '');
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return ofEarlierVersion(text, status.mtimeMs);
  }
}

/** Earlier versions wrote the process ID alone: its process is the owner if it is older than the lock. */
function ofEarlierVersion(text: string, written: number): Owner | undefined {
  const pid = /^[1-9]\d*\n$/.test(text) ? Number(text) : 0;
  const start = pid > 1 ? startTime(pid) : undefined;
  if (start === undefined) return undefined;
  const uptime = Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
  const age = uptime - Number(start) / 100;
  if (Date.now() - age * 1000 > written + 1000) return undefined;
  return { pid, start, boot: boot(), namespace: namespace(), since: new Date(written).toISOString() };
}

/** Whether it may still hold a lock: nobody knows of a process elsewhere. */
function isAlive(owner: Owner): boolean {
  if (owner.boot !== boot()) return !sameMachine(owner);
  if (owner.namespace !== namespace()) return true;
  return owner.pid > 1 && startTime(owner.pid) === owner.start;
}

/** A lock from before the last start of a machine is dead; one of another machine isn't older than this one's start. */
function sameMachine({ since }: Owner): boolean {
  const uptime = Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
  return Date.parse(since) < Date.now() - uptime * 1000;
}

function boot(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
