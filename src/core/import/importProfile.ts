import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { openRecording } from '../perfData/openRecording.js';
import type { Profile } from '../../model/profile.js';
import { CallgrindImporter } from './callgrind.js';
import { detectFormat, importFormats, type ImportFormat } from './detect.js';
import { FoldedImporter } from './folded.js';
import { checked } from './events.js';
import { foreignFormat } from './foreign.js';
import type { Importer } from './importer.js';
import { PerfReportImporter } from './perfReport.js';
import { PerfScriptImporter } from './perfScript.js';
import { pprofImporter } from './pprof.js';
import { speedscopeImporter } from './speedscope.js';
import { doubts } from './plausibility.js';
import { withReadableNames } from './readableNames.js';
import { openSource, type Source } from './source.js';

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
  difffolded: () => new FoldedImporter(2),
  speedscope: speedscopeImporter,
  callgrind: () => new CallgrindImporter(),
  pprof: pprofImporter,
};

/**
 * Reads a profile that some other tool wrote, gzipped or not. Text is read in pieces, whatever its size.
 * @param file a path, also of a pipe, or `-` for standard input
 * @throws LabError `profile-corrupt`, `no-samples`, `storage` for an unreadable file, `cancelled`
 */
export async function importProfile(
  file: string,
  options: ImportFileOptions,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Profile> {
  const { signal } = context;
  let source: Source | undefined;
  try {
    source = await openSource(file, signal);
    const { name, head } = source;
    const format = options.format ?? tellFormat(file, source);
    context.progress(`Reading ${name} (${format})`);
    if (format === 'perf.data') {
      const open = (copy: string) => openRecording(copy, { inline: options.inline ?? true }, context);
      return checked(await source.asFile(open), name);
    }
    const importer = options.format === 'folded' ? new FoldedImporter(1) : importers[format]();
    const read = await readAll(source, head.packed && format !== 'pprof', importer, signal);
    const notes = doubts(read, { format, head: head.bytes, unread: importer.unread });
    const profile = await withReadableNames({ ...read, notes: [...notes, ...read.notes] }, context);
    return checked(profile, name);
  } catch (error) {
    throw asLabError(error, source?.name ?? file, signal);
  } finally {
    source?.close();
  }
}

/** @throws LabError `profile-corrupt` that says what the file is, as far as that can be told, and what to do */
function tellFormat(file: string, { name, head: { bytes, packed, folder }, stream }: Source): ImportFormat {
  // perf record --threads makes a folder.
  if (folder) return 'perf.data';
  const refuse = (what: string, detail: string, text: string, command?: string) =>
    new LabError('profile-corrupt', `${name} ${what}.`, {
      detail,
      remedy: {
        text,
        // What came through a pipe is gone.
        ...(command === undefined || stream
          ? {}
          : { command: command.replace("'FILE'", () => quoted(file)) }),
      },
    });
  const foreign = foreignFormat(bytes);
  if (foreign)
    throw refuse(`is ${foreign.what}`, 'This format is not imported.', foreign.remedy, foreign.command);
  const format = detectFormat(bytes, packed ? file.replace(/\.gz$/i, '') : file);
  if (format) return format;
  if (bytes.length === 0)
    throw refuse('is empty', 'It has no bytes.', 'Record again; the tool that wrote it may have said why.');
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)))
    throw refuse(
      'is UTF-16 text',
      'Profiles are read as UTF-8; redirecting output in PowerShell writes UTF-16.',
      'Convert it.',
      "iconv -f UTF-16 -t UTF-8 'FILE' >profile.txt",
    );
  throw refuse(
    'is not a profile of a known format',
    `Known formats: ${importFormats.join(', ')}`,
    'If it is one of them, name it with --format.',
  );
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function readAll(
  source: Source,
  packed: boolean,
  importer: Importer,
  signal: AbortSignal | undefined,
): Promise<Profile> {
  const take = async (stream: AsyncIterable<unknown>) => {
    for await (const chunk of stream) importer.write(chunk as Buffer);
  };
  const until = signal ? { signal } : {};
  if (packed) await pipeline(source.chunks(), createGunzip({ chunkSize: 2 ** 20 }), take, until);
  else await pipeline(source.chunks(), take, until);
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
  if (/^(Z_|ERR_BUFFER_TOO_LARGE)/.test(String(error.code)))
    return new LabError('profile-corrupt', `${file} cannot be unpacked.`, {
      detail: `gzip: ${error.message}`,
      remedy: { text: 'Copy it again: it is damaged or not whole.', command: `gunzip --test '${file}'` },
      cause: error,
    });
  return new LabError('storage', `${file} cannot be read.`, {
    detail: error.message,
    remedy: { text: 'Check the path and its permissions.' },
    cause: error,
  });
}
