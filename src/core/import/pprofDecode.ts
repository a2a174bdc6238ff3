import { LabError } from '../labError.js';
import { malformed } from './importer.js';
import { ProtoReader, type ProtoValue, type Varint } from './protobuf.js';

export const FORMAT = 'pprof file';

export interface PprofFunction {
  readonly name: string;
  readonly file: string;
  readonly startLine: number;
}

export interface PprofLocation {
  readonly module: string;
  /** Innermost first. */
  readonly lines: readonly { readonly func: PprofFunction; readonly line: number }[];
}

export interface PprofProfile {
  readonly sampleTypes: readonly { readonly type: string; readonly unit: string }[];
  readonly defaultType: string;
  /** Locations from the innermost outward. */
  readonly samples: readonly {
    readonly locations: readonly PprofLocation[];
    readonly values: readonly number[];
  }[];
}

interface Raw {
  readonly types: { type: number; unit: number }[];
  readonly samples: { locations: Varint[]; values: Varint[] }[];
  readonly mappings: Map<Varint, number>;
  readonly locations: Map<Varint, { mapping: Varint; lines: { func: Varint; line: number }[] }>;
  readonly functions: Map<Varint, { name: number; systemName: number; file: number; startLine: number }>;
  readonly strings: string[];
  defaultType: number;
  /** Fields of which a profile has one at most. */
  readonly once: Set<number>;
  /** Whether an ID is that of two functions. */
  repeated: boolean;
}

/** When it was recorded, how long, and the period: one of each in a profile. */
const singular = new Set([9, 10, 12]);

/**
 * Decodes proto/profile.proto and resolves what refers to what. Field numbers are those of the schema.
 * @param check is called now and then, and may throw to end the decoding
 */
export function decodePprof(bytes: Buffer, check: () => void): PprofProfile {
  const raw: Raw = {
    types: [],
    samples: [],
    mappings: new Map(),
    locations: new Map(),
    functions: new Map(),
    strings: [],
    defaultType: 0,
    once: new Set(),
    repeated: false,
  };
  new ProtoReader(bytes, FORMAT, check).fields((field, value) => topLevel(raw, field, value));
  check();
  // A second table of strings begins with an empty one, too.
  if (raw.repeated && raw.strings.indexOf('', 1) !== -1) throw concatenated();
  return resolve(raw);
}

function topLevel(raw: Raw, field: number, { number, message }: ProtoValue): void {
  if (field === 14 && number !== undefined) raw.defaultType = Number(number);
  if (singular.has(field) && number !== 0) {
    if (raw.once.has(field)) throw concatenated();
    raw.once.add(field);
  }
  if (!message) return;
  switch (field) {
    case 1: {
      const { 1: type, 2: unit } = numbers(message);
      raw.types.push({ type: small(type), unit: small(unit) });
      break;
    }
    case 2: {
      const sample: Raw['samples'][number] = { locations: [], values: [] };
      message.fields((f, v) => {
        const list = f === 1 ? sample.locations : f === 2 ? sample.values : undefined;
        // Repeated numbers are packed into one field or stand alone.
        if (v.number !== undefined) list?.push(v.number);
        else for (const item of list ? (v.message as ProtoReader).varints() : []) list?.push(item);
      });
      raw.samples.push(sample);
      break;
    }
    case 3: {
      const { 1: id = 0, 5: file } = numbers(message);
      raw.mappings.set(id, small(file));
      break;
    }
    case 4: {
      const lines: { func: Varint; line: number }[] = [];
      let [id, mapping]: Varint[] = [0, 0];
      message.fields((f, v) => {
        if (f === 1) id = v.number ?? 0;
        else if (f === 2) mapping = v.number ?? 0;
        else if (f === 4 && v.message) {
          const { 1: func = 0, 2: line } = numbers(v.message);
          lines.push({ func, line: small(line) });
        }
      });
      raw.locations.set(id as Varint, { mapping: mapping as Varint, lines });
      break;
    }
    case 5: {
      // What a tool for .NET writes has no IDs; it refers to functions by their place.
      const {
        1: id = raw.functions.size + 1,
        2: name,
        3: systemName,
        4: file,
        5: startLine,
      } = numbers(message);
      raw.repeated ||= raw.functions.has(id);
      const func = { name: small(name), systemName: small(systemName), file: small(file) };
      raw.functions.set(id, { ...func, startLine: small(startLine) });
      break;
    }
    case 6:
      raw.strings.push(message.text());
      break;
  }
}

/** The names of each refer to its own table of strings. */
function concatenated(): LabError {
  return new LabError('format-unsupported', 'The pprof file holds several profiles, one after another.', {
    detail: 'The numbers in each stand for names of its own, so they would be mixed up.',
    remedy: {
      text: 'Import each alone, or merge them with the pprof tool.',
      command: 'pprof -proto -output=merged.pb.gz FIRST SECOND',
    },
  });
}

function resolve(raw: Raw): PprofProfile {
  const text = (index: number) => {
    const found = raw.strings[index];
    if (found === undefined && index !== 0)
      throw malformed(FORMAT, `there is no string ${index}`, 'its string table');
    return found ?? '';
  };
  const functions = new Map<Varint, PprofFunction>();
  for (const [id, f] of raw.functions)
    functions.set(id, {
      name: text(f.name) || text(f.systemName),
      file: text(f.file),
      startLine: f.startLine,
    });
  const locations = new Map<Varint, PprofLocation>();
  for (const [id, { mapping, lines }] of raw.locations) {
    // An ID of 0 stands for no function.
    const named = lines.filter(({ func }) => func !== 0);
    const resolved = named.map(({ func, line }) => {
      const found = functions.get(func);
      if (!found) throw malformed(FORMAT, `there is no function ${func}`, `location ${id}`);
      return { func: found, line };
    });
    locations.set(id, { module: text(raw.mappings.get(mapping) ?? 0), lines: resolved });
  }
  return {
    sampleTypes: raw.types.map(({ type, unit }) => ({ type: text(type), unit: text(unit) })),
    defaultType: text(raw.defaultType),
    samples: raw.samples.map((sample, i) => ({
      locations: sample.locations.map((id) => {
        const found = locations.get(id);
        if (!found) throw malformed(FORMAT, `there is no location ${id}`, `sample ${i}`);
        return found;
      }),
      values: sample.values.map((v) => Number(BigInt.asIntN(64, BigInt(v)))),
    })),
  };
}

/** The numeric fields of a message, by field number. */
function numbers(message: ProtoReader): Partial<Record<number, Varint>> {
  const found: Partial<Record<number, Varint>> = {};
  message.fields((field, { number }) => {
    if (number !== undefined && field < 16) found[field] = number;
  });
  return found;
}

/** An index or a line: 0 when it is missing or beyond what can be one. */
function small(value: Varint | undefined): number {
  return typeof value === 'number' && value < 2 ** 31 ? value : 0;
}
