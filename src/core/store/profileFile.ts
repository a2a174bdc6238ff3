import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { LabError, messageOf } from '../labError.js';
import { decodeProfile, encodeProfile, NewerFormatError } from '../../model/binary.js';
import type { Profile } from '../../model/profile.js';
import { newerVersion } from './runFile.js';

/** Limit of an unpacked profile, that of 37 million samples. Protects against decompression bombs. */
const MAX_BYTES = 2 ** 30;

/** Unpacked at a time, in bytes: with zlib's 16 KiB it takes three times as long. */
const CHUNK = 2 ** 18;

/** The format of saved profiles. The fastest compression level: a third of the size for a tenth of a second. */
export async function packProfile(profile: Profile): Promise<Buffer> {
  return promisify(gzip)(encodeProfile(profile), { level: 1 });
}

/** @throws LabError `profile-corrupt`, `newer-version` */
export async function unpackProfile(data: Buffer, file: string): Promise<Profile> {
  try {
    return decodeProfile(await promisify(gunzip)(data, { maxOutputLength: MAX_BYTES, chunkSize: CHUNK }));
  } catch (error) {
    if (error instanceof NewerFormatError) throw newerVersion(file, error.format);
    throw new LabError('profile-corrupt', `The saved profile ${file} can't be read.`, {
      detail: messageOf(error),
      remedy: { text: 'Profile the preset again.' },
    });
  }
}
