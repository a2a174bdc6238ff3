/** The header: preset, throughput, event, samples, counters and notes of the run. */
import { dateTime } from '../../src/text/dates.js';
import { count, opsPerSec } from '../../src/text/numbers.js';
import { printable } from '../../src/text/printable.js';
import type { BenchResult, PanelProfile, StatDocument } from '../../src/wire/protocol.js';
import { el } from '../ui/dom.js';
import {
  fallbackText,
  notCounted,
  notesText,
  openedFrom,
  texts,
  throughputDetails,
  throughputOf,
} from './texts.js';

export function drawHeader(element: HTMLElement, profile: PanelProfile, event: number): void {
  const facts = el('dl', { class: 'facts' });
  const add = (label: string, ...value: (Node | string)[]): void => {
    facts.append(el('div', {}, el('dt', {}, label), el('dd', {}, ...value)));
  };
  for (const result of profile.results) {
    add(
      profile.results.length > 1 ? throughputOf(result.allocator) : texts.throughput,
      ...throughput(result),
    );
  }
  add(texts.event, ...eventName(profile, event));
  add(texts.samples, count(profile.samples.length));
  if (profile.importedFrom === undefined) add(texts.recorded, dateTime(profile.createdAt));
  else add(texts.opened, openedFrom(dateTime(profile.createdAt), printable(profile.importedFrom)));
  if (profile.stat !== null) add(texts.counters, ...counters(profile.stat));
  element.replaceChildren(el('h1', {}, printable(profile.preset)), facts);
  if (profile.notes.length > 0) {
    element.append(
      el(
        'details',
        { class: 'notes', ...(profile.notes.length <= 2 ? { open: '' } : {}) },
        el('summary', {}, notesText(profile.notes.length)),
        el('ul', {}, ...profile.notes.map((note) => el('li', {}, printable(note)))),
      ),
    );
  }
}

function throughput(result: BenchResult): (Node | string)[] {
  return [
    el('strong', {}, opsPerSec(result.opsPerSec.median)),
    el('span', { class: 'muted' }, throughputDetails(result)),
  ];
}

function eventName(profile: PanelProfile, event: number): (Node | string)[] {
  const shown = profile.events[event];
  if (shown === undefined) return [texts.noEvent];
  const { name, fallback } = shown;
  if (fallback === undefined) return [printable(name)];
  return [
    printable(name),
    el('span', { class: 'notice' }, fallbackText(printable(fallback.requested), printable(fallback.reason))),
  ];
}

function counters(stat: StatDocument): (Node | string)[] {
  const parts: (Node | string)[] = [];
  const { ipc, cyclesPerOp, instructionsPerOp } = stat.derived;
  for (const { event, value, unit } of stat.counters) {
    parts.push(
      el('span', { class: 'counter' }, `${event} `, el('strong', {}, `${count(value)} ${unit}`.trim())),
    );
  }
  const derived: readonly (readonly [string, number | undefined])[] = [
    [texts.ipc, ipc],
    [texts.cyclesPerOp, cyclesPerOp],
    [texts.instructionsPerOp, instructionsPerOp],
  ];
  for (const [label, value] of derived) {
    if (value !== undefined)
      parts.push(el('span', { class: 'counter' }, `${label} `, el('strong', {}, count(value))));
  }
  for (const [reason, events] of byReason(stat)) {
    parts.push(el('span', { class: 'counter notice' }, notCounted(events, printable(reason))));
  }
  return parts;
}

/** Usually all unavailable counters have the same reason: it is shown once. */
function byReason(stat: StatDocument): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { event, reason } of stat.unavailable) {
    const events = groups.get(reason);
    if (events === undefined) groups.set(reason, [event]);
    else events.push(event);
  }
  return groups;
}
