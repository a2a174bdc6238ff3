/**
 * Many strings as one piece of UTF-8: a message with a million names is one buffer instead of a million objects, and a name
 * becomes a string when it is first shown.
 */
export interface PackedStrings {
  readonly length: number;
  /** All strings, concatenated. */
  readonly utf8: Uint8Array;
  /** Where each string ends in the decoded text, in UTF-16 code units. */
  readonly ends: Int32Array;
}

export function packStrings(strings: readonly string[]): PackedStrings {
  const ends = new Int32Array(strings.length);
  let end = 0;
  strings.forEach((text, i) => {
    end += text.length;
    ends[i] = end;
  });
  // A lone surrogate becomes U+FFFD, which has the same length.
  return { length: strings.length, utf8: new TextEncoder().encode(strings.join('')), ends };
}

/** Decodes everything at once; single strings are slices, which engines create without copying. */
export class StringTable {
  readonly length: number;
  private readonly text: string;
  private readonly ends: Int32Array;
  private lowerText: string | undefined;

  constructor({ length, utf8, ends }: PackedStrings) {
    this.length = length;
    // Without this, a text that starts with U+FEFF would lose it, which would shift all names.
    this.text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8);
    this.ends = ends;
  }

  /** The empty string for -1. */
  at(index: number): string {
    const end = this.ends[index];
    return end === undefined ? '' : this.text.slice(index === 0 ? 0 : this.ends[index - 1], end);
  }

  /**
   * 1 for each string that contains `part`; if case is ignored, `part` must be in lower case. Searches the whole text at
   * once: extracting a million strings first takes ten times as long.
   */
  containing(part: string, ignoreCase: boolean): Uint8Array {
    const found = new Uint8Array(this.length);
    const text = ignoreCase ? this.lower() : this.text;
    if (text === undefined) {
      for (let i = 0; i < this.length; i++) if (this.at(i).toLowerCase().includes(part)) found[i] = 1;
      return found;
    }
    let index = 0;
    for (let at = text.indexOf(part); at !== -1 && index < this.length;) {
      while (index < this.length && (this.ends[index] as number) <= at) index++;
      const end = this.ends[index];
      if (end === undefined) break;
      if (at + part.length <= end) {
        found[index] = 1;
        at = text.indexOf(part, end);
      } else at = text.indexOf(part, at + 1);
    }
    return found;
  }

  /** The text in lower case, provided that strings keep their positions: some letters get longer, and Σ depends on context. */
  private lower(): string | undefined {
    this.lowerText ??= this.text.includes('Σ') ? '' : this.text.toLowerCase();
    return this.lowerText.length === this.text.length ? this.lowerText : undefined;
  }
}
