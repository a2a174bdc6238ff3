import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from '../zod.js';
import { sourceId } from '../environment/profiledSources.js';

/** Beside the profile: contents of source files that can't be had from Git, by their IDs, as base64. */
export const sourcesFile = 'sources.json.gz';

/** Limit of the unpacked file. Protects against decompression bombs. */
const maxBytes = 2 ** 26;

const format = z.object({ formatVersion: z.literal(1), contents: z.record(z.string(), z.base64()) });

export async function packSources(contents: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const entries = [...contents].map(([id, content]) => [id, content.toString('base64')]);
  return promisify(gzip)(JSON.stringify({ formatVersion: 1, contents: Object.fromEntries(entries) }));
}

/** Undefined if it isn't there, or not what its ID says. */
export async function unpackSource(data: Buffer, id: string): Promise<Buffer | undefined> {
  try {
    const text = await promisify(gunzip)(data, { maxOutputLength: maxBytes });
    const found = format.parse(JSON.parse(text.toString('utf8'))).contents[id];
    const content = found === undefined ? undefined : Buffer.from(found, 'base64');
    return content && sourceId(content) === id ? content : undefined;
  } catch {
    return undefined;
  }
}
