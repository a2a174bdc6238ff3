/** The header: one line that says what is shown, and a box with everything else about the run. */
import { sumsOf } from '../../src/wire/packedTree.js';
import { dateTime } from '../../src/text/dates.js';
import { resultText } from '../../src/text/benchTexts.js';
import { countedThing, eventName, processorTimeText } from '../../src/text/eventTexts.js';
import { count, plural, scaled } from '../../src/text/numbers.js';
import { printable } from '../../src/text/printable.js';
import type { BenchResult, PanelProfile, StatDocument } from '../../src/wire/protocol.js';
import { countsSamples, processorSeconds } from '../../src/views/sampleCount.js';
import { fewSamples } from '../store/filteredProfile.js';
import { el } from '../ui/dom.js';
import { popover } from '../ui/popover.js';
import { repeatsAxis, repeatsScale, repeatsStrip } from './repeats.js';
import {
  fallbackText,
  fewSamplesText,
  notCounted,
  openedFrom,
  texts,
  throughputDetails,
  throughputOf,
} from './texts.js';

/** @param event index of the shown one */
export function drawHeader(element: HTMLElement, profile: PanelProfile, event: number): void {
  const name = printable(profile.name);
  const details = popover(texts.details, texts.detailsTitle, factsOf(profile, event));
  // Has nothing to focus inside, but may have to be scrolled by keys.
  details.box.tabIndex = 0;
  element.replaceChildren(
    el('h1', { title: name }, name),
    ...summaryOf(profile, event).map((fact) => el('span', { class: 'fact' }, fact)),
    details.button,
    details.box,
  );
}

/** The most telling first: what doesn't fit is cut off. */
function summaryOf(profile: PanelProfile, event: number): (Node | string)[] {
  const [first] = profile.results;
  const shown = profile.events[event];
  const facts: (Node | string)[] = [];
  if (first !== undefined) facts.push(el('strong', {}, resultText(first)));
  const { text, few } = amountOf(profile, event);
  facts.push(
    few ? el('span', { class: 'notice', title: texts.fewSamplesTitle }, fewSamplesText(text)) : text,
  );
  if (shown !== undefined && countedThing(shown) === undefined && !countsSamples(shown))
    facts.push(printable(eventName(shown.name)));
  return facts;
}

interface Amount {
  readonly text: string;
  readonly few: boolean;
  /** With the time that it stands for. */
  readonly full: string;
}

/** `10,313 samples`; of an event that counts one by one, what it counted: `108M instructions`. */
function amountOf({ events, samples, tree }: PanelProfile, event: number): Amount {
  const shown = events[event];
  const counted = shown && countedThing(shown);
  const inWeights = shown !== undefined && countsSamples(shown);
  let [weights, samplesOf] = [0, 0];
  if (event === 0) {
    // The tree is of the first event, and there before the samples.
    ({ weights, samples: samplesOf } = sumsOf(tree));
  } else {
    const { event: of, weight } = samples;
    for (let i = 0; i < samples.length; i++) {
      if (of[i] !== event) continue;
      weights += weight[i] ?? 0;
      samplesOf++;
    }
  }
  if (counted !== undefined) {
    const text = `${scaled(weights)} ${printable(counted)}`;
    return { text, few: false, full: text };
  }
  const number = inWeights ? weights : samplesOf;
  const time = processorSeconds(shown?.name ?? '', number, weights);
  const text = plural(number, 'sample');
  return { text, few: number < fewSamples, full: `${text}${processorTimeText(time)}` };
}

function factsOf(profile: PanelProfile, event: number): HTMLElement {
  const facts = el('dl', { class: 'run-facts' });
  const add = (label: string, ...value: (Node | string)[]): void => {
    facts.append(el('dt', {}, label), el('dd', {}, ...value));
  };
  const axis = repeatsAxis(profile.results);
  for (const result of profile.results) {
    const label = profile.results.length > 1 ? throughputOf(printable(result.allocator)) : texts.throughput;
    const scale = axis && result === profile.results.at(-1) ? [repeatsScale(profile.results, axis)] : [];
    add(label, ...throughput(result), ...(axis ? [repeatsStrip(result, axis)] : []), ...scale);
  }
  add(texts.event, ...eventOf(profile, event));
  add(texts.counted, amountOf(profile, event).full);
  add(texts.program, printable(profile.program));
  if (profile.importedFrom === undefined) add(texts.recorded, dateTime(profile.createdAt));
  else add(texts.opened, openedFrom(dateTime(profile.createdAt), printable(profile.importedFrom)));
  if (profile.stat !== null)
    add(texts.counters, ...counters(profile.stat, profile.events[event]?.fallback?.reason));
  return facts;
}

function throughput(result: BenchResult): (Node | string)[] {
  return [el('strong', {}, resultText(result)), el('span', { class: 'muted' }, throughputDetails(result))];
}

function eventOf(profile: PanelProfile, event: number): (Node | string)[] {
  const shown = profile.events[event];
  if (shown === undefined) return [texts.noEvent];
  const { name, fallback } = shown;
  if (fallback === undefined) return [printable(name)];
  return [
    printable(name),
    el('span', { class: 'notice' }, fallbackText(printable(fallback.requested), printable(fallback.reason))),
  ];
}

/** @param told a reason that the box has already given */
function counters(stat: StatDocument, told: string | undefined): Node[] {
  const parts: Node[] = [];
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
    const why = reason === told ? undefined : printable(reason);
    parts.push(el('span', { class: 'counter notice' }, notCounted(events, why)));
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
