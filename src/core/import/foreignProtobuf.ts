import { varintAt } from './detect.js';
import type { Foreign } from './foreignKind.js';

const kinds = {
  quipper: {
    what: 'a recording that quipper converted to a protobuf',
    remedy: 'Import the perf.data file itself, or convert it to pprof with perf_to_profile.',
    command: "perf_to_profile -i 'FILE' -o profile.pb",
  },
  perfetto: {
    what: 'a trace of Perfetto',
    remedy: 'Convert its samples to pprof with traceconv and import that.',
    command: "traceconv profile --perf 'FILE'",
  },
  otlp: {
    what: 'profiles in the format of OpenTelemetry',
    remedy: 'Export them as pprof from the tool that received them, and import that.',
  },
  labeled: {
    what: 'a push request of Pyroscope or Parca',
    remedy: 'Export the profile as pprof from Pyroscope or Parca, and import that.',
  },
} satisfies Record<string, Foreign>;

interface Field {
  readonly number: number;
  /** As protobuf numbers them: 2 for bytes, which may be a message. */
  readonly wire: number;
  readonly content: Buffer;
}

/**
 * Recognizes protobufs of other schemas. None of their fields is a wrong one for pprof, whose first field has two numbers
 * and nothing else (proto/profile.proto): that is what differs.
 */
export function foreignProtobuf(head: Buffer): Foreign | undefined {
  const [first] = fields(head, 1) ?? [];
  if (first?.wire !== 2 || first.content.length === 0) return undefined;
  // Parca: a tenant that is mostly empty, and series.
  if (first.number === 2) return labels(first.content) ? kinds.labeled : undefined;
  if (first.number !== 1) return undefined;
  const inner = fields(first.content, 1000);
  if (!inner || inner.every(({ number, wire }) => number <= 2 && wire === 0)) return undefined;
  const [begin] = inner;
  if (begin?.number === 1 && begin.wire === 2) {
    if (isAttribute(begin.content)) return kinds.quipper;
    if (labels(first.content)) return kinds.labeled;
    return labels(begin.content) ? kinds.otlp : undefined;
  }
  return isPackets(head) ? kinds.perfetto : undefined;
}

/** The attributes of an event of perf: a type, the size of the structure, and more numbers. */
function isAttribute(bytes: Buffer): boolean {
  const found = fields(bytes, 100) ?? [];
  return found.length > 3 && found.slice(0, 3).every(({ number, wire }, i) => number === i + 1 && wire === 0);
}

/** Begins with a list of names, each with a value. */
function labels(bytes: Buffer): boolean {
  const [label] = fields(bytes, 1) ?? [];
  if (label?.number !== 1 || label.wire !== 2) return false;
  const [name, value] = fields(label.content, 2) ?? [];
  return (
    name?.number === 1 &&
    value?.number === 2 &&
    value.wire === 2 &&
    /^[\w.-]{2,200}$/.test(name.content.toString('latin1'))
  );
}

/** Perfetto writes nothing but packets, most of which say which sequence or user they are of. */
function isPackets(head: Buffer): boolean {
  const packets = fields(head, 20) ?? [];
  return (
    packets.length > 0 &&
    packets.every(({ number, wire }) => number === 1 && wire === 2) &&
    packets.some(({ content }) => fields(content, 1000)?.some(({ number }) => number >= 3 && number < 1000))
  );
}

/**
 * The first fields of a message; the last one may be cut off where the bytes end.
 * @returns undefined if it is none
 */
function fields(bytes: Buffer, most: number): Field[] | undefined {
  const found: Field[] = [];
  let at = 0;
  while (at < bytes.length && found.length < most) {
    const tag = varintAt(bytes, at);
    if (!tag || tag.value < 8) return undefined;
    const wire = tag.value % 8;
    const number = Math.floor(tag.value / 8);
    let end = tag.next;
    let start = end;
    if (wire === 0) end = varintAt(bytes, start)?.next ?? bytes.length;
    else if (wire === 1) end += 8;
    else if (wire === 5) end += 4;
    else if (wire === 2) {
      const size = varintAt(bytes, start);
      if (!size) return undefined;
      start = size.next;
      end = start + size.value;
    } else return undefined;
    found.push({ number, wire, content: bytes.subarray(start, end) });
    at = end;
  }
  return found;
}
