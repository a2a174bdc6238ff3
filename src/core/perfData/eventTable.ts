import { IntPairMap } from '../../model/intPairMap.js';
import type { EventAttributes } from './attributes.js';
import { unsupported } from './cursor.js';
import { eventName, isDummy } from './eventNames.js';

/** An event of the recording. */
export interface RecordedEvent {
  readonly attributes: EventAttributes;
  /** As perf named it; empty until the name has been read. */
  name: string;
}

/** The events of a recording and the ids by which samples name them. */
export class EventTable {
  readonly events: RecordedEvent[] = [];
  /** Names of PMUs by type. */
  readonly pmus = new Map<number, string>();
  private readonly byId = new IntPairMap(64);
  /** The last value of each counter, by its id: counters read with a group give what was added since. */
  private readonly lastValue = new Map<number, number>();

  add(attributes: EventAttributes, ids: readonly (readonly [low: number, high: number])[]): void {
    // A profile stores the event of a sample in one byte.
    if (this.events.length === 256)
      throw unsupported('It has more than 256 events.', 'Record fewer events at once.');
    const index = this.events.push({ attributes, name: '' }) - 1;
    for (const [low, high] of ids) this.byId.set(low, high, index);
  }

  /** -1 if no event has the ID. Records that perf synthesized have ID 0 and belong to the first event. */
  ofId(low: number, high: number): number {
    const index = this.byId.get(low, high);
    return index === -1 && low === 0 && high === 0 && this.events.length > 0 ? 0 : index;
  }

  name(index: number, name: string): void {
    const event = this.events[index];
    if (event && name !== '') event.name = name;
  }

  /** Names tracepoints that have no name yet, by their ids. */
  nameTracepoints(names: ReadonlyMap<number, string>): void {
    for (const event of this.events)
      if (event.attributes.type === 2) event.name ||= names.get(event.attributes.config) ?? '';
  }

  /** What a counter counted since it was last read. */
  difference(low: number, high: number, value: number): number {
    const id = high * 2 ** 32 + low;
    const before = this.lastValue.get(id) ?? 0;
    this.lastValue.set(id, value);
    return value - before;
  }

  nameOf(index: number): string {
    const event = this.events[index] as RecordedEvent;
    return event.name || eventName(event.attributes, this.pmus);
  }

  isDummy(index: number): boolean {
    return isDummy((this.events[index] as RecordedEvent).attributes);
  }
}
