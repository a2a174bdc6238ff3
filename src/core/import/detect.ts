/** Formats that can be imported, as `--format` names them. */
export const importFormats = [
  'perf.data',
  'perf-script',
  'perf-report',
  'folded',
  'difffolded',
  'speedscope',
  'callgrind',
  'pprof',
  'cpuprofile',
  'chrome-trace',
  'firefox',
] as const;

export type ImportFormat = (typeof importFormats)[number];

/** Of the outermost object; one of them comes before anything long. */
const speedscopeKeys = /"(\$schema|shared|profiles|exporter|activeProfileIndex)"\s*:/;

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
  if (isPprof(head)) return 'pprof';
  const text = head.toString('latin1', 0, HEAD_BYTES).replace(/^\xef\xbb\xbf/, '');
  const named = /\.(pb|pprof|prof)$/i.test(fileName);
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return undefined;
  // Names in text can hold a NUL; in binary files there are many.
  if (text.split('\0', 1000).length > text.length / 100 + 8) return named ? 'pprof' : undefined;
  const start = text.trimStart();
  // PHP names code by `{main}` and `{closure}`. Other JSON isn't a damaged profile, but none.
  if (/^\{\s*("|\}|$)/.test(start)) return speedscopeKeys.test(text) ? 'speedscope' : undefined;
  if (/^# callgrind format/.test(start) || isCallgrind(text)) return 'callgrind';
  return (
    textFormats(text)[0] ??
    byName(fileName) ??
    (named && head.subarray(0, 64).some((byte) => byte < 9) ? 'pprof' : undefined)
  );
}

export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Older callgrind files, and those of cachegrind and other tools, have no characteristic first line, but always name their events. */
function isCallgrind(text: string): boolean {
  return /^(version|creator|positions|desc): ?\S|^fn=/m.test(text) && /^events: ?\S/m.test(text);
}

const header = /^\s*\S.*?\s-?\d+(\/-?\d+)?\s+(\[\d+\]\s+)?(\d+\.\d+:|(\d+\s+)?[\w:/-]+:(\s|$))/;
const frame = /^\t\s*[0-9a-f]{1,16}( |$)/;
const flat = /^\s*(\d+\.\d+:\s+)?[^\s:]\S*:\s+[0-9a-f]{8,16} \S|\s\d+\.\d{6,9}:\s+[0-9a-f]{8,16} \S/;
const bare = /^\s*\S.*\s[0-9a-f]{8,16} \S.* \(.+\)$/;
const folded = /^\s*\S.*[ \t]\d+(\.\d*)?(e[+-]?\d+)?\s*$/i;

/**
 * The formats of text that the lines of a head may be, the likeliest first: lines of one format can look like those of
 * another, as a thread can be called `worker 12 3.5:`.
 */
export function textFormats(text: string): ImportFormat[] {
  // The last line may be cut off where the head ends.
  const every = text.split(/\r?\n/, 400).filter((line) => line.trim() !== '');
  const whole = every.length > 1 ? every.slice(0, -1) : every;
  const lines = whole.filter((line) => !line.startsWith('#'));
  const first = lines.slice(0, 20);
  const found: ImportFormat[] = [];
  // A line that is none is for the importer to count; text with numbers at line ends is rarely anything else.
  const some = whole.filter((line) => !line.startsWith('#') || folded.test(line)).slice(0, 20);
  const are = some.filter((line) => folded.test(line));
  const stacks = are.some((line) => line.includes(';'));
  const isFolded = are.length > 0 && are.length >= some.length * (stacks ? 0.5 : 1);
  if (isFolded && stacks && are.length === some.length) found.push('folded');
  if (/^# Samples: .* of events? '/m.test(text) || /^# +(Overhead|Children) /m.test(text))
    found.push('perf-report');
  else if (lines.some((line) => /^\s+\d+(\.\d+)?%\s/.test(line) || /^\d+\.\d+%\s+\S/.test(line)))
    found.push('perf-report');
  if (
    lines.some((line) => frame.test(line)) ||
    first.some((line) => header.test(line) || flat.test(line)) ||
    (first.length > 0 && first.every((line) => line.length < 4096 && bare.test(line)))
  )
    found.push('perf-script');
  if (isFolded && !found.includes('folded')) found.push('folded');
  return found;
}

function byName(fileName: string): ImportFormat | undefined {
  if (/\.(folded|collapsed)$/i.test(fileName)) return 'folded';
  if (/(^|\/)callgrind\.out\b/.test(fileName)) return 'callgrind';
  return undefined;
}

/** How the fields of a profile are written (proto/profile.proto): 0 for a number, 2 for a message or packed numbers. */
const pprofFields: Readonly<Record<number, readonly number[]>> = {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((field) => [field, [2]])),
  ...Object.fromEntries([7, 8, 9, 10, 12, 14].map((field) => [field, [0]])),
  11: [2],
  13: [0, 2],
  15: [2],
};

/** Fields may come in any order, so that no first bytes tell: all that the head holds must be fields of the schema. */
function isPprof(head: Buffer): boolean {
  // Numbers of fields within messages are such bytes; text has none.
  if (!head.subarray(0, 4096).some((byte) => byte < 9 || (byte > 13 && byte < 27))) return false;
  const cut = head.length >= HEAD_BYTES;
  let at = 0;
  let fields = 0;
  while (at < head.length) {
    const tag = varintAt(head, at);
    const value = tag && varintAt(head, tag.next);
    if (!tag || !value) break;
    const wire = tag.value % 8;
    if (!pprofFields[Math.floor(tag.value / 8)]?.includes(wire)) return false;
    at = value.next + (wire === 2 ? value.value : 0);
    fields++;
  }
  return fields > 0 && (at === head.length || cut);
}

/** Undefined where the bytes end before it does, or it is none. */
export function varintAt(bytes: Buffer, start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, next: start + i + 1 };
  }
  return undefined;
}
