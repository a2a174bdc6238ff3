/** Formats that can be imported, as `--format` names them. */
export const importFormats = [
  'perf.data',
  'perf-script',
  'perf-report',
  'folded',
  'speedscope',
  'callgrind',
  'pprof',
] as const;

export type ImportFormat = (typeof importFormats)[number];

/** How much of a file `detectFormat` needs. */
export const HEAD_BYTES = 1 << 16;

/**
 * Detects a file's format by its first bytes, or by its name if the content isn't conclusive.
 * @returns undefined if no format matches
 */
export function detectFormat(head: Buffer, fileName: string): ImportFormat | undefined {
  const magic = head.toString('latin1', 0, 8);
  if (/^(PERFILE2|2ELIFREP|PERFFILE|ELIFFREP)$/.test(magic)) return 'perf.data';
  if (isGzip(head)) return 'pprof';
  const text = head.toString('latin1', 0, HEAD_BYTES).replace(/^\xef\xbb\xbf/, '');
  const named = /\.(pb|pprof|prof)$/i.test(fileName);
  if (text.includes('\0')) return isPprof(head) || named ? 'pprof' : undefined;
  const start = text.trimStart();
  if (start.startsWith('{')) return 'speedscope';
  if (/^# callgrind format/.test(start) || isCallgrind(text)) return 'callgrind';
  return (
    byLines(text) ??
    byName(fileName) ??
    (isPprof(head) || (named && head.subarray(0, 64).some((byte) => byte < 9)) ? 'pprof' : undefined)
  );
}

export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Older callgrind files, and those of cachegrind, have no characteristic first line, but always name their events. */
function isCallgrind(text: string): boolean {
  return /^(version|creator|positions|desc): ?\S/m.test(text) && /^events: ?\S/m.test(text);
}

function byLines(text: string): ImportFormat | undefined {
  if (/^# Samples: .* of events? '/m.test(text) || /^# +(Overhead|Children) /m.test(text))
    return 'perf-report';
  // The last line may be truncated.
  const all = text.split(/\r?\n/, 400).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const lines = all.length > 1 ? all.slice(0, -1) : all;
  if (lines.some((line) => /^\s+\d+(\.\d+)?%\s/.test(line) || /^\d+\.\d+%\s+\S/.test(line)))
    return 'perf-report';
  const header = /^\s*\S.*?\s-?\d+(\/-?\d+)?\s+(\[\d+\]\s+)?(\d+\.\d+:|(\d+\s+)?[\w:/-]+:(\s|$))/;
  const frame = /^\t\s*[0-9a-f]{1,16}( |$)/;
  const flat = /^\s*(\d+\.\d+:\s+)?[^\s:]\S*:\s+[0-9a-f]{8,16} \S|\s\d+\.\d{6,9}:\s+[0-9a-f]{8,16} \S/;
  const bare = /^\s*\S.*\s[0-9a-f]{8,16} \S.* \(.+\)$/;
  const first = lines.slice(0, 20);
  if (
    lines.some((line) => frame.test(line)) ||
    first.some((line) => header.test(line) || flat.test(line)) ||
    (first.length > 0 && first.every((line) => line.length < 4096 && bare.test(line)))
  )
    return 'perf-script';
  // The importer reports invalid lines. Text with numbers at line ends is rarely anything else.
  const folded = /^\S.*[ \t]\d+(\.\d*)?(e[+-]?\d+)?\s*$/i;
  const some = lines.slice(0, 20);
  const are = some.filter((line) => folded.test(line));
  const stacks = are.some((line) => line.includes(';'));
  return are.length > 0 && are.length >= some.length * (stacks ? 0.5 : 1) ? 'folded' : undefined;
}

function byName(fileName: string): ImportFormat | undefined {
  if (/\.(folded|collapsed)$/i.test(fileName)) return 'folded';
  if (/(^|\/)callgrind\.out\b/.test(fileName)) return 'callgrind';
  return undefined;
}

/** An uncompressed pprof file starts with a field of its schema, in practice sample_type. */
function isPprof(head: Buffer): boolean {
  const length = head[1] ?? 0;
  return head[0] === 0x0a && length < 16 && head[2] === 0x08;
}
