/** Ticks of a time axis, and times as text. Pure. */
import { language, perLanguage } from '../../src/text/language.js';
import { count, digits3 } from '../../src/text/numbers.js';

interface Tick {
  readonly seconds: number;
  readonly label: string;
}

/** 1, 2 or 5 times a power of ten: the smallest such step that is at least `wanted`. */
export function niceStep(wanted: number): number {
  if (!(wanted > 0) || !Number.isFinite(wanted)) return 1;
  const power = Math.floor(Math.log10(wanted));
  // Written rather than multiplied: 2 * 10 ** -4 is not 0.0002.
  const steps = [1, 2, 5, 10].map((factor) => Number(`${String(factor)}e${String(power)}`));
  return steps.find((step) => step >= wanted * (1 - 1e-9)) ?? wanted;
}

/** More than fit on any axis. */
const mostMultiples = 10_000;

/**
 * The multiples of a step in `from..to`, both included. Multiples, not sums: errors do not accumulate. Empty if a
 * number cannot represent them: times of years with steps of nanoseconds, or steps of 0.
 */
export function multiples(from: number, to: number, step: number): number[] {
  const slack = 1e-6;
  const first = Math.ceil(from / step - slack);
  const last = Math.floor(to / step + slack);
  const found: number[] = [];
  const countable = Math.max(Math.abs(first), Math.abs(last)) <= Number.MAX_SAFE_INTEGER;
  if (!countable || !(last - first < mostMultiples)) return found;
  // 3 / 5 is exactly the number 0.6, 3 * 0.2 is not.
  const parts = step < 1 ? Math.round(1 / step) : 0;
  for (let i = first; i <= last; i++) found.push(parts > 0 ? i / parts : i * step);
  return found;
}

/** Ticks of a linear axis, at least `distance` pixels apart. */
export function timeTicks(from: number, to: number, width: number, distance: number): Tick[] {
  if (!(to > from) || !(width > 0)) return [];
  const step = niceStep(((to - from) * distance) / width);
  const largest = Math.max(Math.abs(from), Math.abs(to));
  return multiples(from, to, step).map((seconds) => ({
    seconds,
    label: timeLabel(seconds, step, largest),
  }));
}

const formats = perLanguage(() => new Map<number, Intl.NumberFormat>());

/** Without groups and in European digits, so that `parseTime` reads back what is written here in any language. */
function decimal(value: number, decimals: number): string {
  let format = formats().get(decimals);
  if (format === undefined) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    format = new Intl.NumberFormat(language(), { ...digits, useGrouping: false, numberingSystem: 'latn' });
    formats().set(decimals, format);
  }
  return format.format(value);
}

const units = [
  { size: 1, name: 's' },
  { size: 1e-3, name: 'ms' },
  { size: 1e-6, name: 'µs' },
  { size: 1e-9, name: 'ns' },
] as const;

/**
 * With as many decimals as distinguish a time from its neighbors one step away.
 * @param largest time on the axis: all its labels have one unit
 */
export function timeLabel(seconds: number, step: number, largest = Math.abs(seconds)): string {
  const unit =
    largest === 0 ? units[0] : (units.find(({ size }) => largest >= size * (1 - 1e-9)) ?? units[3]);
  const inUnit = step / unit.size;
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(inUnit) - 1e-9)));
  const value = seconds / unit.size;
  return `${Number(value.toFixed(decimals)) === 0 ? '0' : decimal(value, decimals)} ${unit.name}`;
}

/** A single time or duration: up to four significant digits. */
export function timeText(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  return timeLabel(seconds, 10 ** (Math.floor(Math.log10(size) + 1e-9) - 3))
    .replace(/([.,]\d*?)0+ /, '$1 ')
    .replace(/[.,] /, ' ');
}

/** Seconds since the first sample. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function spanText({ from, to }: Span): string {
  return `${timeText(from)} to ${timeText(to)}`;
}

/** Weight of a clock event, in the unit that leaves three digits: `12.3 µs`. */
export function nanoseconds(value: number): string {
  // 999.6 µs would be rounded to "1,000 µs".
  const unit = units.find(({ size }) => value >= size * 1e9 * 0.9995) ?? units[3];
  const inUnit = value / (unit.size * 1e9);
  return `${unit === units[3] ? count(Math.round(inUnit)) : digits3(inUnit)} ${unit.name}`;
}

/** Where space is tight: two significant digits. */
export function shortTime(seconds: number): string {
  if (seconds <= 0) return '0 s';
  const [digits = '', unit = 's'] = timeText(Number(seconds.toPrecision(2))).split(' ');
  return `${digits} ${unit}`;
}

/** Units that may follow a number: factor and power of ten. */
const typed: Readonly<Record<string, readonly [number, number]>> = {
  s: [1, 0],
  ms: [1, -3],
  us: [1, -6],
  ns: [1, -9],
  min: [60, 0],
};

/** Parses typed text: seconds, or a number with a unit; undefined if it isn't a valid time. */
export function parseTime(text: string): number | undefined {
  const found = /^\s*(\d+(?:[.,]\d*)?|[.,]\d+)(?:e(-?\d+))?\s*(s|ms|[uµμ]s|ns|min)?\s*$/i.exec(text);
  if (found === null) return undefined;
  const [, digits = '', exponent = '0', unit = 's'] = found;
  const [times, power] = typed[unit.toLowerCase().replace(/[µμ]/, 'u')] ?? [1, 0];
  return times * Number(`${digits.replace(',', '.')}e${String(Number(exponent) + power)}`);
}
