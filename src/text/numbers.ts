/**
 * The notation of all figures: three significant digits, no space before `%` and before a scale letter, a space before a
 * unit. Grouping and decimal point depend on the language.
 */
import { perLanguage } from './language.js';

const decimals = perLanguage((tag) =>
  [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  ),
);
const grouped = perLanguage((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }));

/** Three significant digits, two decimals at most: `9.84`, `12.3`, `118`, `1,234`; `0` for what rounds to zero. */
export function digits3(value: number): string {
  const magnitude = Math.abs(value);
  // Includes rounding errors of floating-point sums, and minus zero.
  if (magnitude < 0.005) return decimal(0, 0);
  return decimal(value, magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

function decimal(value: number, digits: 0 | 1 | 2): string {
  return decimals()[digits]?.format(value) ?? '';
}

const scales = [
  { limit: 1e9, suffix: 'G' },
  { limit: 1e6, suffix: 'M' },
  { limit: 1e3, suffix: 'k' },
] as const;

/** Three significant digits and a decimal prefix: `9.84M`. */
export function scaled(value: number): string {
  // 999.6k would be rounded to "1000k": the larger unit starts where three digits no longer suffice.
  const scale = scales.find(({ limit }) => Math.abs(value) >= limit * 0.9995);
  return scale === undefined ? digits3(value) : digits3(value / scale.limit) + scale.suffix;
}

/** `98.4M ops/s`. */
export function opsPerSec(value: number): string {
  return `${scaled(value)} ops/s`;
}

/** A share of 0..1: `12.3%`, `4.56%`, `0.12%`; `<0.01%` for a nonzero share that would round to zero. */
export function percent(share: number): string {
  const points = share * 100;
  const magnitude = Math.abs(points);
  if (magnitude >= 0.005 || magnitude < 1e-9) return `${digits3(points)}%`;
  return `${points < 0 ? '−' : ''}<${decimal(0.01, 2)}%`;
}

/** `1.23×`. */
export function ratio(value: number): string {
  return `${digits3(value)}×`;
}

/** `1,234`. */
export function count(value: number): string {
  return grouped().format(value);
}

/** `1 sample`, `10,313 samples`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 B`, `4.60 MiB`. */
export function bytes(value: number): string {
  let rest = value;
  let unit = 0;
  // 1023.6 KiB would be rounded to "1,024 KiB".
  while (Math.abs(rest) >= 1023.5 && unit < byteUnits.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 ? count(rest) : digits3(rest)} ${byteUnits[unit] ?? ''}`;
}

/** A difference with its sign, with a real minus sign; without a sign if it rounds to zero. */
export function signed(value: number, format: (value: number) => string): string {
  const text = format(Math.abs(value));
  return text === format(0) || text.startsWith('<') ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${decimal(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${count(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${count(minutes)} min ${count(whole % 60)} s`;
  return `${count(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const timeUnits = [
  { limit: 1, unit: 's' },
  { limit: 1e-3, unit: 'ms' },
  { limit: 1e-6, unit: 'µs' },
] as const;

/** A measured time: `1.23 s`, `45.6 ms`, `789 ns`. */
export function seconds(value: number): string {
  // 999.6 ms would be rounded to "1000 ms".
  const scale = timeUnits.find(({ limit }) => value >= limit * 0.9995);
  return scale ? `${digits3(value / scale.limit)} ${scale.unit}` : `${digits3(value * 1e9)} ns`;
}
