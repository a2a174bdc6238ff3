/**
 * The lines of `perf script` (tools/perf/builtin-script.c, process_event, and util/evsel_fprintf.c), as text.
 * All functions are linear in the length of the line.
 */

/** The first line of a sample; fields that weren't printed are undefined. */
export interface SampleHeader {
  /** Everything before the time: comm, pid/tid, [cpu]. Repeats in many samples, so it is the key of a cache. */
  readonly context: string;
  /** Seconds. */
  readonly time: number | undefined;
  readonly period: number | undefined;
  readonly event: string | undefined;
  /** What follows: the address and symbol of a sample without a call chain, or a tracepoint's fields. */
  readonly rest: string;
}

export interface ScriptFrame {
  /** Empty if perf didn't know it. */
  readonly name: string;
  readonly module: string;
  readonly inlined: boolean;
  /** Whether the address is in the first page: there a walk along frame pointers ran off the stack. */
  readonly nowhere: boolean;
}

interface ScriptThread {
  readonly comm: string;
  readonly pid: number;
  /** Undefined if the text has no IDs. */
  readonly tid: number | undefined;
}

const SPACE = 32;
const isDigit = (code: number) => code >= 48 && code <= 57;

/** `comm 12/13 [001] 123.456789:   250000 cycles:u:  …`; any field may be missing. */
export function parseHeader(text: string): SampleHeader {
  // simpleperf separates fields by tabs.
  const line = text.includes('\t') ? text.replaceAll('\t', ' ') : text;
  let at: number;
  let context: string;
  let time: number | undefined;
  const found = findTime(line);
  if (found) {
    context = line.slice(0, found.start);
    time = Number(line.slice(found.start, found.colon));
    at = found.colon + 1;
  } else {
    // Without a time, thread and event tell where the context ends: `comm  12/13 [001]   cycles:u: `.
    const match = noTime.exec(line);
    // Or the event stands alone, before a stack or an address.
    const alone = match
      ? undefined
      : /^\s*(?=(?:\d+\s+)?[^\s():]\S*:\s+(?:[0-9a-f]{4,16}\s|$))/.exec(`${line} `);
    context = match?.[1] ?? (alone ? '' : line);
    at = match || alone ? (match?.[1] ?? alone?.[0] ?? '').length : line.length;
  }
  while (line.charCodeAt(at) === SPACE) at++;
  let end = at;
  while (isDigit(line.charCodeAt(end))) end++;
  let period: number | undefined;
  let token = at;
  if (end > at && line.charCodeAt(end) === SPACE) {
    period = Number(line.slice(at, end));
    for (token = end; line.charCodeAt(token) === SPACE;) token++;
  }
  let stop = line.indexOf(' ', token);
  if (stop === -1) stop = line.length;
  // Without an event the number isn't a period, but the address of a sample without a call chain.
  if (line.charCodeAt(stop - 1) !== 58 || stop - 1 <= token)
    return { context, time, period: undefined, event: undefined, rest: line.slice(at) };
  return { context, time, period, event: line.slice(token, stop - 1), rest: line.slice(stop) };
}

/** What may follow the event of a sample without a call chain: the period, if no event is printed, and the frame. */
export function parseRest({ event, rest }: SampleHeader): {
  readonly period?: number | undefined;
  readonly frame?: ScriptFrame | undefined;
} {
  const text = rest.trim();
  // A number before the address is the period or, behind an event, the address of the data.
  const two = /^([0-9a-f]{1,16})\s+(?=[0-9a-f]{6,16}\s+\S)/.exec(text);
  const period = two && event === undefined && /^\d+$/.test(two[1] as string) ? Number(two[1]) : undefined;
  const at = two ? text.slice(two[0].length) : text;
  if (two && period === undefined && !at.endsWith(')')) return {};
  const isAddress = isTracepoint(event) ? /^[0-9a-f]{4,16}\s+\S.*\)$/ : /^[0-9a-f]{4,16}(\s+\S.*)?$/;
  return { period, frame: isAddress.test(at) ? parseFrame(at) : undefined };
}

/** A sample without time, event and call chain: `comm  55b5ee073169 leaf (/tmp/w)`. */
export function parseBare({
  time,
  event,
  context,
}: SampleHeader): { readonly context: string; readonly frame: ScriptFrame } | undefined {
  const open = context.lastIndexOf(' (');
  if (time !== undefined || event !== undefined || open === -1 || !context.endsWith(')')) return undefined;
  const address = /\s[0-9a-f]{8,16} \S/.exec(context.slice(0, open));
  const frame = address ? parseFrame(context.slice(address.index)) : undefined;
  return address && frame ? { context: context.slice(0, address.index), frame } : undefined;
}

/** Fields follow `sched:sched_switch`, but not `cycles:ppp`. */
function isTracepoint(event: string | undefined): boolean {
  return /^[\w-]+:(?![ukhpPGHDSIWeb]+$)\w/.test(event ?? '');
}

/** Thread, [cpu], then the period and the event. */
const noTime = /^((?:.*?\s)?-?\d+(?:\/-?\d+)?\s+(?:\[\d+\]\s+)?)(?=(?:\d+\s+)?[^\s()]+:(?:\s|$))/;

/** The longest name of a thread is 15 bytes: only so many words of one can look like a time. */
const MAX_TIMES = 8;

/**
 * Finds the time of a sample. Threads can be called like one (`job 10.30: x`), and fields of tracepoints can hold one:
 * it stands behind the thread's number and before the event, as far as these are printed.
 */
function findTime(line: string): { start: number; colon: number } | undefined {
  const times: { start: number; colon: number; ids: boolean; event: boolean }[] = [];
  for (
    let colon = line.indexOf(':');
    colon !== -1 && times.length < MAX_TIMES;
    colon = line.indexOf(':', colon + 1)
  ) {
    const start = timeBefore(line, colon);
    if (start === -1) continue;
    const ids = /(^|\s)-?\d{1,10}(\/-?\d{1,10})?\s+(\[\d{1,6}\]\s+)?$/.test(
      line.slice(Math.max(0, start - 80), start),
    );
    const event = /^\s*(\d+\s+)?(?!\d+\.\d+:)\S+:(\s|$)/.test(line.slice(colon + 1, colon + 400));
    times.push({ start, colon, ids, event });
    if (ids && event) break;
  }
  const [first] = times;
  if (first === undefined || times.length === 1)
    return first?.ids || first?.event || !noTime.test(line) ? first : undefined;
  return (
    times.find(({ ids, event }) => ids && event) ??
    times.find(({ ids }) => ids) ??
    times.find(({ event }) => event) ??
    first
  );
}

/** @returns where the number before `colon` begins if it looks like `123.456`, else -1 */
function timeBefore(line: string, colon: number): number {
  let at = colon - 1;
  while (isDigit(line.charCodeAt(at))) at--;
  if (at === colon - 1 || line.charCodeAt(at) !== 46) return -1;
  const point = at--;
  while (isDigit(line.charCodeAt(at))) at--;
  return at + 1 < point && (at < 0 || line.charCodeAt(at) === SPACE) ? at + 1 : -1;
}

/** `comm with spaces 12/13 [001] `: perf 4.x prints only the thread, which then also identifies the process. */
export function parseThread(context: string): ScriptThread {
  const text = context.trim().replace(/\s*\[\d{1,6}\]$/, '');
  const ids = /(?:^|\s)(-?\d{1,10})(?:\/(-?\d{1,10}))?$/.exec(text);
  if (!ids) return { comm: text, pid: 0, tid: undefined };
  const pid = Number(ids[1]) | 0;
  return {
    comm: text.slice(0, ids.index).trimEnd(),
    pid,
    tid: ids[2] === undefined ? pid : Number(ids[2]) | 0,
  };
}

/** The flags of a branch: predicted or not, in a transaction, aborting one, cycles. */
const branchFlags = /\/[MPN-]\/[X-]\/[A-]\/\d/;
/** A module behind a symbol, as far as more can follow it: an absolute path or a bracketed name. */
const moduleBefore = / \((?:\/|\[)(?:[^()]|\([^()]*\)){0,4096}\)(?= )/;

/**
 * Takes off what `-F brstack`, `brstacksym` or `brstackoff` print behind a sample or on a line of its own: the
 * branches before the sample (tools/perf/builtin-script.c, perf_sample__fprintf_brstack), which aren’t frames.
 * @returns undefined when there is nothing to take off
 */
export function withoutBranches(line: string): string | undefined {
  if (!line.includes('/-/')) return undefined;
  const flags = branchFlags.exec(line);
  if (!flags) return undefined;
  const before = line.slice(0, flags.index);
  const module = moduleBefore.exec(before);
  if (module) return line.slice(0, module.index + module[0].length);
  // Two addresses, or two symbols: spaces in these cannot be told from those before them.
  const address = /(^|\s)0x[0-9a-f]+(\([^)]*\))?\/0x[0-9a-f]+(\([^)]*\))?$/.exec(before.slice(-600));
  return line.slice(0, Math.max(0, address ? before.length - address[0].length : before.lastIndexOf(' ')));
}

/** `\t    7f12 symbol+0x1d (/lib/x.so)`, or undefined when the line isn’t a frame. */
export function parseFrame(line: string): ScriptFrame | undefined {
  const match = /^\s*([0-9a-f]{1,16})(?:\s+(.*))?$/.exec(line);
  if (!match) return undefined;
  let text = (match[2] ?? '').trimEnd();
  // Registers, instructions and their like (`-F +insn`) may follow.
  const more = text.endsWith(')') ? null : moduleBefore.exec(text);
  if (more) text = text.slice(0, more.index + more[0].length);
  const inlined = text.endsWith(' (inlined)') || text === '(inlined)';
  if (inlined) text = text.slice(0, -'(inlined)'.length).trimEnd();
  const open = text.endsWith(')') ? moduleStart(text) : -1;
  let module = open === -1 ? '' : text.slice(open + 1, -1).replace(/\+0x[0-9a-f]{1,16}$/, '');
  const symbol = (open === -1 ? text : text.slice(0, open)).trim().replace(/\+0x[0-9a-f]{1,16}$/, '');
  if (module === '[unknown]') module = '';
  const name = symbol === '[unknown]' ? '' : symbol;
  const address = match[1] as string;
  return {
    name,
    module,
    inlined,
    nowhere: module === '' && name === '' && /^0*[0-9a-f]{1,3}$/.test(address),
  };
}

/** The parenthesis that the last one closes, if a space precedes it: `f(int) (/a (deleted))` but not `f(int (*)(int))`. */
function moduleStart(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code === 41) depth++;
    else if (code === 40 && --depth === 0) return at === 0 || text.charCodeAt(at - 1) === SPACE ? at : -1;
  }
  return text.lastIndexOf(' (') + 1 || -1;
}
