import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { openRecording } from '../perfData/openRecording.js';
import type { Profile } from '../profile/profile.js';
import { CallgrindImporter } from './callgrind.js';
import { detectFormat, HEAD_BYTES, importFormats, type ImportFormat } from './detect.js';
import { FoldedImporter } from './folded.js';
import { checked } from './events.js';
import type { Importer } from './importer.js';
import { PerfReportImporter } from './perfReport.js';
import { PerfScriptImporter } from './perfScript.js';
import { pprofImporter } from './pprof.js';
import { speedscopeImporter } from './speedscope.js';

export interface ImportFileOptions {
  /** Detected when absent. */
  readonly format?: ImportFormat | undefined;
  /** For perf.data, as in `profile`. */
  readonly inline?: boolean | undefined;
}

export const importers: Record<Exclude<ImportFormat, 'perf.data'>, () => Importer> = {
  'perf-script': () => new PerfScriptImporter(),
  'perf-report': () => new PerfReportImporter(),
  folded: () => new FoldedImporter(),
  speedscope: speedscopeImporter,
  callgrind: () => new CallgrindImporter(),
  pprof: pprofImporter,
};

/**
 * Reads a profile that some other tool wrote. Text is read in pieces of a mebibyte, whatever its size.
 * @throws LabError `profile-corrupt`, `no-samples`, `storage` for an unreadable file, `cancelled`
 */
export async function importProfile(
  file: string,
  options: ImportFileOptions,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Profile> {
  try {
    const format = options.format ?? (await detectFile(file));
    context.progress(`Reading ${file} (${format})`);
    const profile =
      format === 'perf.data'
        ? await openRecording(file, { inline: options.inline ?? true }, context)
        : await readAll(file, importers[format](), context);
    return checked(profile, file);
  } catch (error) {
    throw asLabError(error, file, context.signal);
  }
}

async function detectFile(file: string): Promise<ImportFormat> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const format = detectFormat(head, file);
    if (format) return format;
    if (/^(\xff\xfe|\xfe\xff)/.test(head.toString('latin1', 0, 2)))
      throw new LabError('profile-corrupt', `${file} is UTF-16 text.`, {
        detail: 'Profiles are read as UTF-8; redirecting output in PowerShell writes UTF-16.',
        remedy: { text: 'Convert it.', command: `iconv -f UTF-16 -t UTF-8 '${file}' >profile.txt` },
      });
  } finally {
    await handle.close();
  }
  throw new LabError('profile-corrupt', `${file} is not a profile of a known format.`, {
    detail: `Known formats: ${importFormats.join(', ')}`,
    remedy: { text: 'If it is one of them, name it with --format.' },
  });
}

async function readAll(
  file: string,
  importer: Importer,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<Profile> {
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20, ...(signal ? { signal } : {}) }))
    importer.write(chunk as Buffer);
  return importer.finish();
}

function asLabError(error: unknown, file: string, signal: AbortSignal | undefined): unknown {
  if (error instanceof LabError) return error;
  if (signal?.aborted) return new LabError('cancelled', 'Cancelled.');
  // Maps and strings of Node have limits of their own.
  if (error instanceof RangeError)
    return new LabError('profile-corrupt', `${file} is too large to be read.`, {
      detail: error.message,
      remedy: { text: 'Record for a shorter time or with a lower frequency.' },
      cause: error,
    });
  if (!(error instanceof Error && 'code' in error)) return error;
  return new LabError('storage', `${file} cannot be read.`, {
    detail: error.message,
    remedy: { text: 'Check the path and its permissions.' },
    cause: error,
  });
}
