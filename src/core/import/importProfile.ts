import { existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { TaskContext } from '../context.js';
import { canceled, LabError } from '../labError.js';
import { MemoryLimit } from '../memoryLimit.js';
import { openRecording } from '../perfData/openRecording.js';
import { shellWord } from '../../text/shellWord.js';
import type { Profile } from '../../model/profile.js';
import { ofEvent } from '../../views/sampleFilter.js';
import { CallgrindImporter } from './callgrind.js';
import { importedCoverageNotes } from './coverageNotes.js';
import { detectFormat, importFormats, isGzip, type ImportFormat } from './detect.js';
import { FoldedImporter } from './folded.js';
import { checked } from './events.js';
import { firefoxImporter } from './firefox.js';
import { foreignFormat } from './foreign.js';
import type { Foreign } from './foreignKind.js';
import { foreignName } from './foreignName.js';
import type { Importer } from './importer.js';
import { PerfReportImporter } from './perfReport.js';
import { PerfScriptImporter } from './perfScript.js';
import { pprofImporter } from './pprof.js';
import { speedscopeImporter } from './speedscope.js';
import { doubts } from './plausibility.js';
import { withReadableNames } from './readableNames.js';
import { openSource, type Source } from './source.js';
import { cpuProfileImporter, traceImporter } from './v8.js';

export interface ImportFileOptions {
  /** Detected if omitted. */
  readonly format?: ImportFormat | undefined;
  /** For perf.data, as in `profile`. */
  readonly inline?: boolean | undefined;
  /** How much memory reading may take, in bytes. */
  readonly memoryLimit?: number | undefined;
}

export const importers: Record<Exclude<ImportFormat, 'perf.data'>, (memory: MemoryLimit) => Importer> = {
  'perf-script': () => new PerfScriptImporter(),
  'perf-report': () => new PerfReportImporter(),
  folded: () => new FoldedImporter(),
  difffolded: () => new FoldedImporter(2),
  speedscope: speedscopeImporter,
  callgrind: (memory) => new CallgrindImporter(memory),
  pprof: (memory) => pprofImporter(memory),
  cpuprofile: cpuProfileImporter,
  'chrome-trace': traceImporter,
  firefox: firefoxImporter,
};

/**
 * Reads a profile that another tool wrote, gzipped or not. Text is read in pieces, whatever its size.
 * @param file a path, also of a pipe, or `-` for standard input
 * @throws LabError `format-unsupported`, `profile-corrupt`, `profile-too-large`, `no-samples`, `read-failed`, `canceled`
 */
export async function importProfile(
  file: string,
  options: ImportFileOptions,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Profile> {
  const { signal } = context;
  const memory = new MemoryLimit(options.memoryLimit);
  let source: Source | undefined;
  try {
    source = await openSource(file, signal);
    const { name, head } = source;
    const format = options.format ?? tellFormat(file, source);
    context.progress(`Reading ${name} (${format})…`);
    if (format === 'perf.data') {
      const open = (copy: string) => openRecording(copy, { inline: options.inline ?? true, memory }, context);
      const recording = checked(await source.asFile(open), name);
      return { ...recording, notes: [...source.notes(), ...recording.notes] };
    }
    const importer = options.format === 'folded' ? new FoldedImporter(1) : importers[format](memory);
    const read = await readAll(source, importer, memory, signal);
    const reading = { format, head: head.bytes, unread: importer.unread };
    const notes = [...source.notes(), ...doubts(read, reading)];
    const named = await withReadableNames({ ...read, notes: [...notes, ...read.notes] }, context);
    const profile = checked(named, name);
    return { ...profile, notes: [...profile.notes, ...importedCoverageNotes(ofEvent(profile), reading)] };
  } catch (error) {
    throw asLabError(error, source?.name ?? file, signal);
  } finally {
    source?.close();
  }
}

/** @throws LabError `format-unsupported` with what the file is, as far as it can be detected, and what to do */
function tellFormat(file: string, { name, head: { bytes, packed, folder }, stream }: Source): ImportFormat {
  const refuse = (what: string, detail: string, text: string, command?: string) =>
    new LabError('format-unsupported', `${name} ${what}.`, {
      detail,
      remedy: {
        text,
        // What came through a pipe is gone.
        ...(command === undefined || stream
          ? {}
          : { command: command.replace("'FILE'", () => shellWord(file)) }),
      },
    });
  const refuseForeign = ({ what, remedy, command }: Foreign) =>
    refuse(`is ${what}`, "This format can't be imported.", remedy, command);
  if (folder) {
    const other = foreignName(file);
    if (other) throw refuseForeign(other);
    // perf record --threads makes a folder.
    return 'perf.data';
  }
  if (packed && isGzip(bytes))
    throw refuse(
      'is compressed twice with gzip',
      'What is in it is compressed, too.',
      'Decompress it once, and import the content.',
      "gunzip -c 'FILE' >profile.gz",
    );
  const foreign = foreignFormat(bytes);
  if (foreign?.format) return foreign.format;
  if (foreign) throw refuseForeign(foreign);
  const format = detectFormat(bytes, packed ? file.replace(/\.gz$/i, '') : file);
  if (format) return format;
  const called = bytes.length > 0 && foreignName(file);
  if (called) throw refuseForeign(called);
  if (bytes.length === 0) {
    // valgrind --separate-threads=yes writes a file for each thread, and an empty one.
    const ofThread = stream ? undefined : [`${file}-01`, `${file}.1`].find((other) => existsSync(other));
    throw refuse(
      'is empty',
      'It has no content.',
      ofThread === undefined
        ? 'Record again, and check the output of the tool that wrote it.'
        : `Import the file of a thread, such as ${ofThread}.`,
    );
  }
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)))
    throw refuse(
      'is UTF-16 text',
      'Profiles must be UTF-8. Redirecting output in PowerShell writes UTF-16.',
      'Convert it to UTF-8.',
      "iconv -f UTF-16 -t UTF-8 'FILE' >profile.txt",
    );
  throw refuse(
    "isn't a profile in a supported format",
    `Supported formats: ${importFormats.join(', ')}`,
    'If the file is in one of these formats, specify it on the command line with import --format or convert --from.',
  );
}

async function readAll(
  source: Source,
  importer: Importer,
  memory: MemoryLimit,
  signal: AbortSignal | undefined,
): Promise<Profile> {
  const take = async (stream: AsyncIterable<unknown>) => {
    for await (const chunk of stream) {
      importer.write(chunk as Buffer);
      memory.check();
    }
  };
  await pipeline(source.unpacked(), take, signal ? { signal } : {});
  return importer.finish();
}

function asLabError(error: unknown, file: string, signal: AbortSignal | undefined): unknown {
  if (error instanceof LabError) return error;
  if (signal?.aborted) return canceled();
  // Maps and strings have limits in Node.
  if (error instanceof RangeError)
    return new LabError('profile-too-large', `${file} is too large to read.`, {
      detail: error.message,
      remedy: { text: 'Record for a shorter time or at a lower frequency.' },
      cause: error,
    });
  if (!(error instanceof Error && 'code' in error)) return error;
  if (/^(Z_|ERR_BUFFER_TOO_LARGE)/.test(String(error.code)))
    return new LabError('profile-corrupt', `${file} can't be unpacked.`, {
      detail: `gzip: ${error.message}`,
      remedy: {
        text: 'The file is damaged or incomplete. Copy it again.',
        command: `gunzip --test ${shellWord(file)}`,
      },
      cause: error,
    });
  return new LabError('read-failed', `${file} can't be read.`, {
    detail: error.message,
    remedy:
      error.code === 'EMFILE' || error.code === 'ENFILE'
        ? { text: 'Allow more open files in this shell.', command: 'ulimit -n 1024' }
        : error.code === 'ENXIO'
          ? { text: 'It is a socket: let what listens there write a file, and import that.' }
          : { text: 'Check the path and its permissions.' },
    cause: error,
  });
}
