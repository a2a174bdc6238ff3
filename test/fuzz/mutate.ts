/** Damages files: bytes anywhere, lines and numbers of text, values of JSON. The same numbers give the same damage. */
export type Random = () => number;

/** Mulberry32: small, fast, and the same everywhere. */
export function random(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Kind = 'text' | 'json' | 'binary';

const below = (r: Random, n: number) => Math.floor(r() * n);
const pick = <T>(r: Random, list: readonly T[]): T => list[below(r, list.length)] as T;

const NUMBERS = [
  '0',
  '-1',
  '1',
  '0.5',
  '.',
  '1e308',
  '-1e308',
  '9'.repeat(25),
  '4294967296',
  'NaN',
  '1e-320',
];
const TOKENS = [
  '\n',
  '\n\n',
  '\r\n',
  '\t',
  ' ',
  ';',
  ':',
  '(',
  ')',
  '[.] ',
  '%',
  '#',
  '=',
  '(1)',
  'fn=(1) f',
  'calls=1 1\n',
  '+1',
  '*',
  '\0',
  '\x1b[31m',
  '<script>',
  '__proto__',
  '\ufeff',
  '🦊',
  '"',
  '{',
  ']',
];
const VALUES = [null, true, 0, -1, 1e308, 2 ** 53, 1.5, '', 'x', '(a+)+$', '__proto__', [], {}, [[]]];

/** @param others files of the same format, to take parts of */
export function mutate(r: Random, seed: Buffer, kind: Kind, others: readonly Buffer[]): Buffer {
  let data: Buffer = Buffer.from(seed);
  for (let rounds = 1 + Math.floor(r() ** 3 * 6); rounds > 0; rounds--) {
    const byBytes = kind === 'binary' || r() < 0.25;
    if (byBytes) data = mutateBytes(r, data, pick(r, others));
    else if (kind === 'json' && r() < 0.8) data = mutateJson(r, data);
    else data = mutateText(r, data, pick(r, others));
    if (data.length > 2 ** 20) data = data.subarray(0, 2 ** 20);
  }
  return data;
}

function mutateBytes(r: Random, data: Buffer, other: Buffer): Buffer {
  if (data.length === 0) return Buffer.from(other);
  const at = below(r, data.length);
  const length = below(r, Math.min(64, data.length - at)) + 1;
  switch (below(r, 8)) {
    case 0:
      data[at] = below(r, 256);
      return data;
    case 1:
      data[at] = (data[at] as number) ^ (1 << below(r, 8));
      return data;
    case 2: {
      // Lengths, counts and offsets of binary formats are aligned words.
      const word = at & ~7;
      if (word + 8 > data.length) return data;
      const value = pick(r, [0n, 1n, 0xffn, 0xffffn, 0x7fffffffn, 0xffffffffn, 2n ** 63n, 2n ** 64n - 1n]);
      if (r() < 0.5) data.writeBigUInt64LE(value, word);
      else data.writeUInt32LE(Number(value & 0xffffffffn), word + (r() < 0.5 ? 4 : 0));
      return data;
    }
    case 3: {
      const even = at & ~1;
      if (even + 2 <= data.length) data.writeUInt16LE(pick(r, [0, 1, 7, 8, 0x7fff, 0xffff]), even);
      return data;
    }
    case 4:
      return data.subarray(0, at);
    case 5:
      return Buffer.concat([data.subarray(0, at), data.subarray(at + length)]);
    case 6:
      return Buffer.concat([data.subarray(0, at), data.subarray(at, at + length), data.subarray(at)]);
    default: {
      const from = below(r, other.length);
      const part = other.subarray(from, from + below(r, 512));
      return Buffer.concat([data.subarray(0, at), part, data.subarray(at + part.length)]);
    }
  }
}

function mutateText(r: Random, data: Buffer, other: Buffer): Buffer {
  const lines = data.toString('latin1').split('\n');
  const at = below(r, lines.length);
  const line = lines[at] as string;
  switch (below(r, 8)) {
    case 0:
      lines.splice(at, 1 + below(r, 5));
      break;
    case 1:
      lines.splice(at, 0, ...lines.slice(at, at + 1 + below(r, 20)));
      break;
    case 2:
      lines.splice(at, 0, pick(r, other.toString('latin1').split('\n')));
      break;
    case 3: {
      const word = below(r, line.length + 1);
      lines[at] = line.slice(0, word) + Buffer.from(pick(r, TOKENS)).toString('latin1') + line.slice(word);
      break;
    }
    case 4: {
      const numbers = [...line.matchAll(/\d+(\.\d+)?/g)];
      if (numbers.length === 0) break;
      const { index, 0: text } = pick(r, numbers);
      lines[at] = line.slice(0, index) + pick(r, NUMBERS) + line.slice(index + text.length);
      break;
    }
    case 5:
      lines[at] = line.slice(0, below(r, line.length + 1));
      break;
    case 6:
      lines[at] = line.repeat(1 + below(r, 200)).slice(0, 100_000);
      break;
    default: {
      const to = below(r, lines.length);
      [lines[at], lines[to]] = [lines[to] as string, line];
    }
  }
  return Buffer.from(lines.join('\n'), 'latin1');
}

function mutateJson(r: Random, data: Buffer): Buffer {
  let root: unknown;
  try {
    root = JSON.parse(data.toString('utf8'));
  } catch {
    return mutateBytes(r, data, data);
  }
  const places: [Record<string, unknown>, string][] = [];
  const pending: unknown[] = [root];
  while (pending.length > 0 && places.length < 5000) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      pending.push((value as Record<string, unknown>)[key]);
    }
  }
  if (places.length === 0) return data;
  const [parent, key] = pick(r, places);
  const change = below(r, 4);
  if (change === 0) parent[key] = structuredClone(pick(r, VALUES));
  else if (change === 1) Reflect.deleteProperty(parent, key);
  else if (change === 2) {
    const [from, name] = pick(r, places);
    parent[key] = structuredClone(from[name]);
  } else if (typeof parent[key] === 'number') parent[key] *= pick(r, [-1, 0, 0.5, 1e300, 2 ** 32]);
  else if (typeof parent[key] === 'string') parent[key] = (parent[key] as string).repeat(below(r, 50));
  return Buffer.from(JSON.stringify(root));
}
