/** Numbers and names as the panel shows them. English notation everywhere, so that figures can be compared and copied. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A weight's share of the whole, 0..1. An empty profile has shares of 0, never NaN. */
export function shareOf(weight: number, total: number): number {
  return total > 0 ? weight / total : 0;
}

/** "12.34": two decimals, as every figure in the panel, the annotations and the command line. */
export function percentDigits(share: number): string {
  const digits = (share * 100).toFixed(2);
  return digits === '-0.00' ? '0.00' : digits;
}

export function percent(share: number): string {
  return `${percentDigits(share)} %`;
}

export function count(value: number): string {
  return grouped.format(value);
}

/** "1 frame", "2 frames". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const scales = [
  { limit: 1e9, suffix: ' G' },
  { limit: 1e6, suffix: ' M' },
  { limit: 1e3, suffix: ' k' },
] as const;

/** Three significant digits and a decimal prefix: "9.84 M". */
export function scaled(value: number): string {
  // 999.6 k would be rounded to "1000 k": the larger unit starts where three digits no longer suffice.
  const scale = scales.find((s) => Math.abs(value) >= s.limit * 0.9995);
  return scale === undefined ? digits3(value) : `${digits3(value / scale.limit)}${scale.suffix}`;
}

function digits3(value: number): string {
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

export function opsPerSec(value: number): string {
  return `${scaled(value)} ops/s`;
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let rest = value;
  let unit = 0;
  while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 ? String(rest) : digits3(rest)} ${units[unit] ?? ''}`;
}

/** ISO 8601 to the reader's own time zone; what is not a date is shown as it came. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : dateTime.format(date);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** "pool_v1.c:120", or the file alone where the line is not known. */
export function place(file: string, line: number): string {
  return line > 0 ? `${baseName(file)}:${String(line)}` : baseName(file);
}

// Control characters and the marks that reverse the direction of text: a symbol name can carry them, and
// could then break a row or make the text after it read backwards.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}
