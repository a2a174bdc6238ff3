import { stat } from 'node:fs/promises';
import { readRegularText } from '../files.js';

/** A source file that is larger was generated: nobody reads it line by line. */
const maxBytes = 16 * 2 ** 20;

/** Reads files once, as lines; undefined for one that isn't here. */
export class Sources {
  private readonly files = new Map<string, Promise<readonly string[] | undefined>>();

  /** @param locate where a file that debug information names is on this machine */
  constructor(private readonly locate: (file: string) => Promise<string | undefined> = same) {}

  lines(file: string): Promise<readonly string[] | undefined> {
    let read = this.files.get(file);
    if (!read) this.files.set(file, (read = this.read(file)));
    return read;
  }

  private async read(named: string): Promise<readonly string[] | undefined> {
    const file = await this.locate(named);
    if (file === undefined) return undefined;
    try {
      if ((await stat(file)).size > maxBytes) return undefined;
      return (await readRegularText(file)).split(/\r?\n/);
    } catch {
      return undefined;
    }
  }
}

function same(file: string): Promise<string> {
  return Promise.resolve(file);
}
