import { MAX_EVENTS } from './importer.js';
import { LineReader, utf8 } from './lines.js';

const FORMAT = 'callgrind output';

export interface CallgrindFunction {
  readonly name: string;
  readonly object: string;
  /** The file that defines it; set when its self costs begin. */
  file: string;
  /**
   * Self costs by location: `line NUL file`, and `NUL address` if addresses are kept. A fi/fe record puts lines of other
   * files into a function.
   */
  readonly costs: Map<string, number>;
  /** Inclusive cost of the calls to each callee. */
  readonly calls: Map<CallgrindFunction, number>;
  /** `costs` and `calls` of the file's second and later events, if there are any. */
  readonly further?: EventCosts[];
  /** The calls by address of the call site, if addresses are kept. */
  readonly sites: { readonly address: number; readonly callee: CallgrindFunction; readonly cost: number }[];
  /** A function that was inlined into its caller. */
  readonly inlined?: boolean;
}

export type EventCosts = Pick<CallgrindFunction, 'costs' | 'calls'>;

/** The costs of a function of one of the file's events. */
export function costsOf(func: CallgrindFunction, event: number): EventCosts | undefined {
  return event === 0 ? func : func.further?.[event - 1];
}

type Kind = 'file' | 'object' | 'name';

/**
 * The format of valgrind.org/docs/manual/cl-format.html, line by line. Names may be
 * compressed to `(1)`, positions relative to the one before (`+3`, `-2`, `*`). Costs are absolute, and negative where
 * Xdebug counts memory that is freed. Some files compress costs as positions are: a `*` among them tells.
 */
export class CallgrindParser {
  readonly functions = new Map<string, CallgrindFunction>();
  readonly reader = new LineReader(FORMAT, (line) => this.line(line));
  events: readonly string[] = [];
  /** The totals of the costs according to the file. */
  readonly stated: number[] = [];
  /** Events with a cost below 0: these costs are in no sum. */
  readonly negative = new Set<number>();
  private readonly names: Record<Kind, Map<string, string>> = {
    file: new Map(),
    object: new Map(),
    name: new Map(),
  };
  private columns = 1;
  private lineColumn = 0;
  private positions: number[] = [0];
  private costs: readonly number[] = [];
  private file = '';
  private object = '';
  private current: CallgrindFunction | undefined;
  private calledObject: string | undefined;
  private calledFile: string | undefined;
  private called: CallgrindFunction | undefined;
  private calling = false;
  private byValgrind = false;
  /** Whether costs are relative to those before, which the first `*` tells. */
  private compressed = false;

  /** @param addresses whether to keep the address of the instruction with each cost, if the file has it */
  constructor(private readonly addresses = false) {}

  private line(line: string): void {
    const code = line.charCodeAt(0);
    if (line === '' || code === 35) return;
    // Costs start with a number, `+3`, `-2`, or `*`; everything else starts with a keyword.
    if ((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 42) this.cost(line);
    else if (!this.assignment(line)) this.headerLine(line);
  }

  private headerLine(line: string): void {
    const colon = line.indexOf(':');
    if (colon === -1) throw this.reader.error('the line is neither a cost nor a known keyword');
    const words = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    switch (line.slice(0, colon)) {
      case 'events':
        this.namesEvents(words.filter((word) => word !== '').map(utf8));
        break;
      case 'creator':
        this.byValgrind = words[0]?.startsWith('callgrind-') ?? false;
        break;
      case 'positions':
        this.lineColumn = words.indexOf('line');
        this.columns = words.length;
        if (this.columns > 2) throw this.reader.error('there are more than two positions');
        this.positions = words.map(() => 0);
        break;
      // Every part of a file ends with its totals; the `summary` in its header says the same.
      case 'totals':
        words.forEach((word, event) => {
          this.stated[event] = (this.stated[event] ?? 0) + Number(word);
        });
        break;
    }
  }

  private assignment(line: string): boolean {
    const equals = line.indexOf('=');
    if (equals === -1 || equals > 5) return false;
    const value = line.slice(equals + 1);
    switch (line.slice(0, equals)) {
      case 'fl':
      case 'fi':
      case 'fe':
        this.file = this.named('file', value);
        break;
      case 'ob':
        this.object = this.named('object', value);
        break;
      case 'fn':
        this.current = this.func(value, this.object, this.file);
        this.current.file ||= this.file;
        break;
      case 'cob':
        this.calledObject = this.named('object', value);
        break;
      case 'cfi':
      case 'cfl':
        this.calledFile = this.named('file', value);
        break;
      case 'jfi':
        // The name may be defined here.
        this.named('file', value);
        break;
      case 'cfn':
        this.called = this.func(value, this.calledObject ?? this.object, this.calledFile ?? this.file);
        break;
      case 'calls':
        if (!this.called) throw this.reader.error("the called function isn't named");
        this.calling = true;
        break;
      case 'jump':
      case 'jcnd':
        break;
      case 'jfn':
        this.named('name', value);
        break;
      default:
        return false;
    }
    return true;
  }

  /** `SUBPOSITIONS COST…`; after `calls=` the inclusive cost of the calls, after `jump=` no cost at all. */
  private cost(line: string): void {
    const words = line.trimEnd().split(/[ \t]+/, this.columns + Math.max(1, this.events.length));
    for (let i = 0; i < this.columns; i++) this.position(i, words[i]);
    const costs = words.slice(this.columns).map((word, i) => this.costOf(word, i));
    this.costs = costs;
    const { current, called } = this;
    const any = costs.some((cost) => cost !== 0);
    if (!current) {
      if (any) throw this.reader.error('a cost belongs to no function');
      return;
    }
    if (this.calling && called) {
      costs.forEach((cost, event) => addAt(eventCosts(current, event).calls, called, cost));
      if (this.addresses) current.sites.push({ address: this.address, callee: called, cost: costs[0] ?? 0 });
      this.calling = false;
      this.called = this.calledObject = this.calledFile = undefined;
    } else if (any) {
      const number = this.lineColumn === -1 ? 0 : (this.positions[this.lineColumn] as number);
      const key = `${number}\0${this.file}${this.addresses ? `\0${this.address}` : ''}`;
      costs.forEach((cost, event) => addAt(eventCosts(current, event).costs, key, cost));
    }
  }

  private costOf(word: string, event: number): number {
    if (word === '*' && !this.compressed) {
      if (this.negative.size > 0)
        throw this.reader.error('a cost relative to the one before follows a negative one');
      this.compressed = true;
    }
    // cachegrind's format writes a dot where an event has no count (valgrind's manual, "Cachegrind Output File Format").
    if (word === '.') return 0;
    const cost = this.compressed ? relative(word, this.costs[event] ?? 0) : Number(word);
    if (!Number.isFinite(cost)) throw this.reader.error("a cost isn't a number");
    if (cost < 0) this.negative.add(event);
    return cost;
  }

  /** The address of the instruction, as in the symbols of the object; the line if there are only lines. */
  private get address(): number {
    return this.positions[0] as number;
  }

  /** Parts of a file may be dumps of one execution, with costs of the same events. */
  private namesEvents(names: readonly string[]): void {
    if (names.length > MAX_EVENTS) throw this.reader.error(`there are more than ${MAX_EVENTS} events`);
    if (this.events.length === 0) this.events = names;
    else if (names.join(' ') !== this.events.join(' '))
      throw this.reader.error('a part has different events than the previous one');
  }

  private position(column: number, text: string | undefined): void {
    if (text === undefined || text === '') throw this.reader.error('a position is missing');
    const position = relative(text, this.positions[column] as number);
    if (Number.isNaN(position))
      throw this.reader.error(`${JSON.stringify(text.slice(0, 40))} isn't a valid position`);
    this.positions[column] = position;
  }

  /**
   * Functions are identified by their compressed name: valgrind gives functions of the same name in different files
   * different numbers. Without compression they are identified by name, object, and file; the latter only in files of
   * valgrind itself, as other tools don't always name the file of what is called.
   */
  private func(value: string, object: string, file: string): CallgrindFunction {
    const id = /^\(\d+\)/.exec(value)?.[0];
    const name = this.named('name', value);
    const key = id ?? `${name}\0${object}${this.byValgrind ? `\0${file}` : ''}`;
    let found = this.functions.get(key);
    if (!found) {
      const plain = this.byValgrind ? withoutCallers(name) : name;
      found = { name: plain, object, file: '', costs: new Map(), calls: new Map(), sites: [] };
      this.functions.set(key, found);
    }
    return found;
  }

  /** `(3) text` defines the number, `(3)` alone uses it. */
  private named(kind: Kind, value: string): string {
    const match = /^(\(\d+\))(?:\s+(.*))?$/.exec(value.trimEnd());
    const full = (text: string) => (text === '???' ? '' : utf8(text));
    if (!match) return full(value.trim());
    const [, id = '', text] = match;
    if (text !== undefined) this.names[kind].set(own(id), full(text));
    const name = this.names[kind].get(id);
    // Of an object that was unloaded, old versions of valgrind wrote no name.
    if (name === undefined && kind === 'object') return '';
    if (name === undefined) throw this.reader.error(`the name ${id} is used before it is defined`);
    return name;
  }
}

/**
 * With `--separate-callers` a function is listed once for each of its callers, `leaf'work'main`: these are in its stacks. The
 * number of a recursion, `leaf'2`, stays. Quotes within a name, as of Rust's lifetimes, follow a blank or a bracket.
 */
function withoutCallers(name: string): string {
  const [, own = name, recursion = ''] =
    /^(.*?[^\s<&(,[])('\d+(?='|$))?(?:'[\w(~<$.@].*)?$/s.exec(name) ?? [];
  return own + recursion;
}

/** `+3`, `-2` and `*` refer to the number before. */
function relative(text: string, before: number): number {
  const sign = text.charCodeAt(0);
  if (sign === 42 && text.length === 1) return before;
  if (sign === 43) return before + Number(text.slice(1));
  return sign === 45 ? before - Number(text.slice(1)) : Number(text);
}

function own(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function eventCosts(func: CallgrindFunction & { further?: EventCosts[] }, event: number): EventCosts {
  if (event === 0) return func;
  const further = (func.further ??= []);
  while (further.length < event) further.push({ costs: new Map(), calls: new Map() });
  return further[event - 1] as EventCosts;
}

function addAt<K>(map: Map<K, number>, key: K, cost: number): void {
  if (cost > 0) map.set(key, (map.get(key) ?? 0) + cost);
}
