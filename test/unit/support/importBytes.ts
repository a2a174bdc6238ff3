import { gunzipSync } from 'node:zlib';
import { isGzip } from '../../../src/core/import/detect.js';
import type { Importer } from '../../../src/core/import/importer.js';
import { importers } from '../../../src/core/import/importProfile.js';
import { MemoryLimit } from '../../../src/core/memoryLimit.js';
import type { Profile } from '../../../src/model/profile.js';

/** A profile read from one piece of memory. */
export function runImporter(importer: Importer, bytes: Buffer): Profile {
  importer.write(bytes);
  return importer.finish();
}

const importBytes = (format: keyof typeof importers) => (bytes: Buffer) =>
  runImporter(importers[format](new MemoryLimit()), isGzip(bytes) ? gunzipSync(bytes) : bytes);

export const importCallgrind = importBytes('callgrind');
export const importFolded = importBytes('folded');
export const importPerfReport = importBytes('perf-report');
export const importPerfScript = importBytes('perf-script');
export const importPprof = importBytes('pprof');
export const importSpeedscope = importBytes('speedscope');
