import { importers } from '../../../src/core/import/importProfile.js';
import type { Profile } from '../../../src/model/profile.js';

const importBytes =
  (format: keyof typeof importers) =>
  (bytes: Buffer): Profile => {
    const importer = importers[format]();
    importer.write(bytes);
    return importer.finish();
  };

/** Profiles of other tools, each read from one piece of memory. */
export const importCallgrind = importBytes('callgrind');
export const importFolded = importBytes('folded');
export const importPerfReport = importBytes('perf-report');
export const importPerfScript = importBytes('perf-script');
export const importPprof = importBytes('pprof');
export const importSpeedscope = importBytes('speedscope');
