import { IntPairMap } from './intPairMap.js';
import type { Profile, ProfileEvent, ProfileThread, SampleTable } from './profile.js';

/** A column that grows: amortized constant time, no boxed numbers. */
class Column<T extends Int32Array | Float64Array | Uint8Array> {
  length = 0;
  private data: T;
  private readonly make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.make = make;
    this.data = make(256);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = this.make(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  get(index: number): number {
    return this.data[index] as number;
  }

  finish(): T {
    return this.data.slice(0, this.length) as T;
  }
}

const ints = () => new Column((length) => new Int32Array(length));
const bytes = () => new Column((length) => new Uint8Array(length));
const floats = () => new Column((length) => new Float64Array(length));

/** A function; `line` 0 and empty strings mean unknown. */
interface FunctionKey {
  readonly name: string;
  readonly module: string;
  readonly file: string;
  readonly line: number;
}

/** How many stacks are added between two looks at what they take: some megabytes. */
const STACKS_BETWEEN_CHECKS = 2 ** 16;

/** Builds a profile sample by sample, interning everything. `finish` ends its use. */
export class ProfileBuilder {
  private readonly check: () => void;
  private readonly strings: string[] = [];
  private readonly stringIndex = new Map<string, number>();
  private readonly functionIndex = new Map<string, number>();
  private readonly frameIndex = new Map<string, number>();
  private readonly stackIndex = new IntPairMap();
  private readonly threadIndex = new IntPairMap(16);
  private readonly threads: ProfileThread[] = [];
  private readonly functions = {
    name: ints(),
    module: ints(),
    file: ints(),
    line: ints(),
  };
  private readonly frames = {
    func: ints(),
    file: ints(),
    line: ints(),
    inlined: bytes(),
  };
  private readonly stacks = { parent: ints(), frame: ints() };
  private readonly addresses = { module: ints(), buildId: ints(), address: floats(), stack: ints() };
  private readonly addressIndex = new Map<string, number>();
  private readonly counts = new Map<number, number>();
  private readonly sampleStack = ints();
  private readonly sampleThread = ints();
  private readonly sampleEvent = bytes();
  private readonly times = floats();
  private readonly weights = floats();
  private adopted: SampleTable | undefined;

  /** @param check is called each time that many stacks were added, and may throw to end the building */
  constructor(check: () => void = () => undefined) {
    this.check = check;
  }

  /**
   * A thread has the name that is given last: one that executes another program is called like that.
   * @param names of threads by tid
   */
  thread(pid: number, tid: number, names: ReadonlyMap<number, string>): number {
    let index = this.threadIndex.get(pid, tid);
    const name = names.get(tid) ?? '';
    if (index === -1) {
      index = this.threads.push({ pid, tid, name }) - 1;
      this.threadIndex.set(pid, tid, index);
    } else if (name !== '' && name !== this.threads[index]?.name) {
      this.threads[index] = { pid, tid, name };
    }
    return index;
  }

  /** Functions are identified by name, module, and file. */
  func({ name, module, file, line }: FunctionKey): number {
    const key = `${name}\0${module}\0${file}`;
    let index = this.functionIndex.get(key);
    if (index === undefined) {
      index = this.functions.name.length;
      this.functionIndex.set(key, index);
      this.functions.name.push(this.string(name));
      this.functions.module.push(this.string(module));
      this.functions.file.push(this.string(file));
      this.functions.line.push(line);
    } else if (line > 0 && this.functions.line.get(index) === 0) {
      this.functions.line.set(index, line);
    }
    return index;
  }

  frame(func: number, file: string, line: number, inlined: boolean): number {
    const fileIndex = this.string(file);
    const key = `${func} ${fileIndex} ${line} ${inlined}`;
    let index = this.frameIndex.get(key);
    if (index === undefined) {
      index = this.frames.func.length;
      this.frameIndex.set(key, index);
      this.frames.func.push(func);
      this.frames.file.push(fileIndex);
      this.frames.line.push(line);
      this.frames.inlined.push(inlined ? 1 : 0);
    }
    return index;
  }

  /** @param parent the caller's stack, -1 at the root */
  stack(parent: number, frame: number): number {
    let index = this.stackIndex.get(parent, frame);
    if (index === -1) {
      index = this.stacks.parent.length;
      if (index % STACKS_BETWEEN_CHECKS === STACKS_BETWEEN_CHECKS - 1) this.check();
      this.stackIndex.set(parent, frame, index);
      this.stacks.parent.push(parent);
      this.stacks.frame.push(frame);
    }
    return index;
  }

  /** @returns the caller's stack, -1 at the root */
  parentOf(stack: number): number {
    return this.stacks.parent.get(stack);
  }

  /**
   * An instruction of a file.
   * @param stack of the function there and of those inlined into it, without callers
   */
  address(module: string, buildId: string, address: number, stack: number): number {
    const key = `${module}\0${buildId}\0${address}`;
    let index = this.addressIndex.get(key);
    if (index === undefined) {
      index = this.addresses.module.length;
      this.addressIndex.set(key, index);
      this.addresses.module.push(this.string(module));
      this.addresses.buildId.push(this.string(buildId));
      this.addresses.address.push(address);
      this.addresses.stack.push(stack);
    }
    return index;
  }

  /** Adds to the exact count of an instruction. */
  count(address: number, count: number): void {
    this.counts.set(address, (this.counts.get(address) ?? 0) + count);
  }

  /**
   * @param time seconds since the first sample
   * @param event index into the events given to `finish`
   */
  sample(stack: number, thread: number, time: number, weight: number, event = 0): void {
    this.sampleStack.push(stack);
    this.sampleThread.push(thread);
    this.sampleEvent.push(event);
    this.times.push(time);
    this.weights.push(weight);
  }

  /** Adds complete columns of samples, instead of adding samples one by one. */
  adopt(samples: SampleTable): void {
    this.adopted = samples;
  }

  /** @param events one or more, in the order of the samples' indices; the first is shown by default */
  finish(events: readonly [ProfileEvent, ...ProfileEvent[]], notes: readonly string[]): Profile {
    const { functions, frames, stacks } = this;
    return {
      events,
      strings: this.strings,
      functions: {
        length: functions.name.length,
        name: functions.name.finish(),
        module: functions.module.finish(),
        file: functions.file.finish(),
        line: functions.line.finish(),
      },
      frames: {
        length: frames.func.length,
        func: frames.func.finish(),
        file: frames.file.finish(),
        line: frames.line.finish(),
        inlined: frames.inlined.finish(),
      },
      stacks: { length: stacks.parent.length, parent: stacks.parent.finish(), frame: stacks.frame.finish() },
      samples: this.adopted ?? {
        length: this.sampleStack.length,
        stack: this.sampleStack.finish(),
        thread: this.sampleThread.finish(),
        event: this.sampleEvent.finish(),
        time: this.times.finish(),
        weight: this.weights.finish(),
      },
      threads: this.threads,
      ...this.finishAddresses(),
      notes,
    };
  }

  private finishAddresses(): Pick<Profile, 'addresses'> {
    const { module, buildId, address, stack } = this.addresses;
    const { length } = module;
    if (length === 0) return {};
    const count =
      this.counts.size > 0
        ? { count: Float64Array.from({ length }, (_, i) => this.counts.get(i) ?? 0) }
        : undefined;
    return {
      addresses: {
        length,
        module: module.finish(),
        buildId: buildId.finish(),
        address: address.finish(),
        stack: stack.finish(),
        ...count,
      },
    };
  }

  /** The empty string stands for "none" and has no index. */
  private string(text: string): number {
    if (text === '') return -1;
    let index = this.stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.stringIndex.set(text, index);
    }
    return index;
  }
}
