import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { exists, openRegular } from '../files.js';

/** Milliseconds in which a server must send `leastBytes`, or all; also the usual ones of `DEBUGINFOD_TIMEOUT`, which has seconds. */
const usualPatience = 20_000;
/** debuginfod-find(1), "DEBUGINFOD_TIMEOUT". */
const leastBytes = 100 * 2 ** 10;
/** Bytes: more than the debug information of the largest programs. */
const maxBytes = 4 * 2 ** 30;

/** Build IDs that no server had, so that each is asked once. */
const unknown = new Set<string>();

/** Servers that didn't answer in time, with when they may be asked again: a profile has dozens of programs to ask for. */
const givenUp = new Map<string, number>();
/** Milliseconds. An editor runs for days, and a network comes back. */
const pause = 600_000;

/**
 * The separate debug information of a program from a server (debuginfod(8), "webapi"), kept where the other clients keep it,
 * so that what gdb fetched isn't fetched again. Undefined if no server has it, or after `signal`. Only `servers` are contacted.
 */
export async function fetchDebugInfo(
  buildId: string,
  servers: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (servers.length === 0 || !/^[0-9a-f]{8,128}$/.test(buildId)) return undefined;
  const file = path.join(cacheFolder(), buildId, 'debuginfo');
  if (await exists(file)) return file;
  const key = [buildId, ...servers].join(' ');
  if (unknown.has(key)) return undefined;
  for (const server of servers) {
    if (signal?.aborted || isGivenUp(server)) continue;
    const url = `${server.replace(/\/+$/, '')}/buildid/${buildId}/debuginfo`;
    const found = await download(url, file, signal);
    if (found === 'fetched') return file;
    if (found === 'late') givenUp.set(server, Date.now() + pause);
  }
  if (!signal?.aborted && unansweredServers(servers).length === 0) unknown.add(key);
  return undefined;
}

function isGivenUp(server: string): boolean {
  return (givenUp.get(server) ?? 0) > Date.now();
}

/** Those of `servers` that aren't asked at present, as they didn't answer: their hosts, as addresses may have passwords. */
export function unansweredServers(servers: readonly string[]): string[] {
  return servers.filter(isGivenUp).map((server) => (URL.canParse(server) ? new URL(server).host : server));
}

/** debuginfod-find(1), "Cache". */
function cacheFolder(): string {
  const { DEBUGINFOD_CACHE_PATH: named, XDG_CACHE_HOME: cache } = process.env;
  if (named && path.isAbsolute(named)) return named;
  const root = cache && path.isAbsolute(cache) ? cache : path.join(os.homedir(), '.cache');
  return path.join(root, 'debuginfod_client');
}

function patience(): number {
  const seconds = Number(process.env['DEBUGINFOD_TIMEOUT']);
  return seconds > 0 && seconds < 86_400 ? seconds * 1000 : usualPatience;
}

async function isElf(file: string): Promise<boolean> {
  const handle = await openRegular(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === '\x7fELF';
  } finally {
    await handle.close();
  }
}

async function download(
  url: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<'fetched' | 'absent' | 'late'> {
  const partial = `${file}.${process.pid}`;
  const late = new AbortController();
  let [size, before] = [0, 0];
  const timer = setInterval(() => {
    if (size - before < leastBytes) late.abort();
    before = size;
  }, patience());
  const either = signal ? AbortSignal.any([late.signal, signal]) : late.signal;
  try {
    const { ok, body } = await fetch(url, { signal: either });
    if (!ok || !body) return 'absent';
    await mkdir(path.dirname(file), { recursive: true });
    const pieces = Readable.fromWeb(body as ReadableStream).map((piece: Uint8Array) => {
      size += piece.length;
      if (size > maxBytes) throw new Error('The answer is too large.');
      return piece;
    });
    await pipeline(pieces, createWriteStream(partial), { signal: either });
    // A page of a proxy, say: kept, it would stand for the debug information from then on.
    if (!(await isElf(partial))) throw new Error("The answer isn't an ELF file.");
    await rename(partial, file);
    return 'fetched';
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
    return late.signal.aborted ? 'late' : 'absent';
  } finally {
    clearInterval(timer);
  }
}
