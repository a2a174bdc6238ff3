/** Times of runs, in the reader's time zone and language. */
import { perLanguage } from './language.js';

const whole = perLanguage((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }));
const timeOnly = perLanguage((tag) => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }));
const dayAndTime = perLanguage(
  (tag) =>
    new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
);

/** Date and time; text that isn't an ISO 8601 date stays unchanged. */
export function dateTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : whole().format(date);
}

/** As short as possible: only the time today, no year this year. */
export function shortTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  if (date.toDateString() === now.toDateString()) return timeOnly().format(date);
  return (date.getFullYear() === now.getFullYear() ? dayAndTime() : whole()).format(date);
}
