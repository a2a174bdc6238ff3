/** Which run this is: preset, throughput, event, samples, counters, and what to know about the figures. */
import type { BenchResult, PanelProfile, StatDocument } from '../../src/wire/protocol.js';
import { el } from '../ui/dom.js';
import { bytes, count, localTime, opsPerSec, plural, printable, scaled } from '../text/format.js';

export function drawHeader(element: HTMLElement, profile: PanelProfile, event: number): void {
  const facts = el('dl', { class: 'facts' });
  const add = (label: string, ...value: (Node | string)[]): void => {
    facts.append(el('div', {}, el('dt', {}, label), el('dd', {}, ...value)));
  };
  for (const result of profile.results) {
    add(profile.results.length > 1 ? `Throughput, ${result.allocator}` : 'Throughput', ...throughput(result));
  }
  add('Event', ...eventName(profile, event));
  add('Samples', count(profile.samples.length));
  if (profile.importedFrom === undefined) add('Recorded', localTime(profile.createdAt));
  else add('Opened', `${localTime(profile.createdAt)}, from ${printable(profile.importedFrom)}`);
  if (profile.stat !== null) add('Counters', ...counters(profile.stat));
  element.replaceChildren(el('h1', {}, printable(profile.preset)), facts);
  if (profile.notes.length > 0) {
    element.append(
      el(
        'details',
        { class: 'notes', ...(profile.notes.length <= 2 ? { open: '' } : {}) },
        el('summary', {}, plural(profile.notes.length, 'note')),
        el('ul', {}, ...profile.notes.map((note) => el('li', {}, printable(note)))),
      ),
    );
  }
}

function throughput({ opsPerSec: ops, peakRssBytes }: BenchResult): (Node | string)[] {
  const [low, high] = ops.ci95;
  const runs = ops.samples.length;
  // Below six repeats no interval of a median reaches 95 %: the core gives their range.
  const kind = runs < 6 ? 'range' : '95 % interval';
  const interval = runs > 1 ? `${kind} ${scaled(low)} to ${scaled(high)}, ` : '';
  return [
    el('strong', {}, opsPerSec(ops.median)),
    el(
      'span',
      { class: 'muted' },
      ` median; ${interval}${plural(runs, 'run')}; peak RSS ${bytes(peakRssBytes)}`,
    ),
  ];
}

function eventName(profile: PanelProfile, event: number): (Node | string)[] {
  const shown = profile.events[event];
  if (shown === undefined) return ['none'];
  const { name, fallback } = shown;
  if (fallback === undefined) return [printable(name)];
  return [
    printable(name),
    el(
      'span',
      { class: 'notice' },
      ` — in place of ${printable(fallback.requested)}: ${printable(fallback.reason)}`,
    ),
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
    ['IPC', ipc],
    ['cycles/op', cyclesPerOp],
    ['instructions/op', instructionsPerOp],
  ];
  for (const [label, value] of derived) {
    if (value !== undefined)
      parts.push(el('span', { class: 'counter' }, `${label} `, el('strong', {}, count(value))));
  }
  for (const [reason, events] of byReason(stat)) {
    parts.push(
      el('span', { class: 'counter notice' }, `not counted: ${events.join(', ')} (${printable(reason)})`),
    );
  }
  return parts;
}

/** One machine usually refuses all hardware counters for one reason: it is said once. */
function byReason(stat: StatDocument): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { event, reason } of stat.unavailable) {
    const events = groups.get(reason);
    if (events === undefined) groups.set(reason, [event]);
    else events.push(event);
  }
  return groups;
}
