import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { exists } from '../files.js';

/** Milliseconds until a server that sends nothing is given up. */
const patience = 20_000;
/** Bytes: more than the debug information of the largest programs. */
const maxBytes = 4 * 2 ** 30;

/** Build IDs that no server had, so that each is asked once. */
const unknown = new Set<string>();

/**
 * The separate debug information of a program from a server (debuginfod(8), "webapi"), kept where the other clients keep it,
 * so that what gdb fetched isn't fetched again. Undefined if no server has it. Only `servers` are contacted.
 */
export async function fetchDebugInfo(
  buildId: string,
  servers: readonly string[],
): Promise<string | undefined> {
  if (servers.length === 0 || !/^[0-9a-f]{8,128}$/.test(buildId)) return undefined;
  const file = path.join(cacheFolder(), buildId, 'debuginfo');
  if (await exists(file)) return file;
  const key = [buildId, ...servers].join(' ');
  if (unknown.has(key)) return undefined;
  for (const server of servers) {
    if (await download(`${server.replace(/\/+$/, '')}/buildid/${buildId}/debuginfo`, file)) return file;
  }
  unknown.add(key);
  return undefined;
}

/** debuginfod-find(1), "Cache". */
function cacheFolder(): string {
  const { DEBUGINFOD_CACHE_PATH: named, XDG_CACHE_HOME: cache } = process.env;
  if (named && path.isAbsolute(named)) return named;
  const root = cache && path.isAbsolute(cache) ? cache : path.join(os.homedir(), '.cache');
  return path.join(root, 'debuginfod_client');
}

async function download(url: string, file: string): Promise<boolean> {
  const partial = `${file}.${process.pid}`;
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), patience);
  };
  try {
    wait();
    const { ok, body } = await fetch(url, { signal: controller.signal });
    if (!ok || !body) return false;
    await mkdir(path.dirname(file), { recursive: true });
    let size = 0;
    const pieces = Readable.fromWeb(body as ReadableStream).map((piece: Uint8Array) => {
      wait();
      size += piece.length;
      if (size > maxBytes) throw new Error('The answer is too large.');
      return piece;
    });
    await pipeline(pieces, createWriteStream(partial));
    await rename(partial, file);
    return true;
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
    return false;
  } finally {
    clearTimeout(timer);
  }
}
