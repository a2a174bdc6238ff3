import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../files.js';
import { stateFolder } from './stateFolder.js';

/** Of the user, and of no project: whoever can read it can do anything as the user. */
const keyFile = () => path.join(stateFolder(), 'key');

/** A document with a seal, by which it is told apart from what came with a repository. */
export type Sealed<T extends object> = T & { readonly seal?: string };

/**
 * Marks a document as made by this user. What is saved beside a lab file may have been shipped with it: programs that it
 * names are started without asking only if the user has started them before. Without a seal where no key can be kept.
 */
export async function sealed<T extends object>(document: T): Promise<Sealed<T>> {
  const key = await keyOf();
  return key === undefined ? document : { ...document, seal: sealOf(document, key) };
}

/** Whether this user made the document, and nobody has changed it since. */
export async function isOwn({ seal, ...document }: Sealed<object>): Promise<boolean> {
  const key = seal === undefined ? undefined : await readKey();
  if (typeof seal !== 'string' || key === undefined) return false;
  const [given, wanted] = [Buffer.from(seal), Buffer.from(sealOf(document, key))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function sealOf(document: object, key: string): string {
  // As it will be read again: without what JSON leaves out.
  const text = JSON.stringify(document);
  return createHmac('sha256', key).update(text).digest('hex');
}

async function keyOf(): Promise<string | undefined> {
  const known = await readKey();
  if (known !== undefined) return known;
  try {
    await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
    await writeFile(keyFile(), `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch {
    // Somebody else made it meanwhile, or it can't be kept.
  }
  return readKey();
}

async function readKey(): Promise<string | undefined> {
  const text = await readRegularText(keyFile()).catch(() => '');
  return /^[0-9a-f]{64}\n$/.test(text) ? text : undefined;
}
