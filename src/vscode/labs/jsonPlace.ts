/**
 * Finds where in a JSON text a value stands, for placing the cursor and problems. Only well-formed JSON is
 * walked; of other text the walk ends early and the nearest place that was reached is returned.
 */
export type JsonPath = readonly (string | number)[];

/** Offsets of the value at `path`; of the innermost value on the way when the path leads nowhere. */
export function locateJson(text: string, path: JsonPath): { start: number; end: number } {
  const walker = new Walker(text);
  return walker.find(path);
}

/** Offset that a message of `JSON.parse` names, or undefined. */
export function syntaxErrorOffset(message: string): number | undefined {
  const match = /at position (\d+)/.exec(message);
  return match ? Number(match[1]) : undefined;
}

class Walker {
  private at = 0;

  constructor(private readonly text: string) {}

  find(path: JsonPath): { start: number; end: number } {
    this.space();
    const start = this.at;
    const [step, ...rest] = path;
    if (step !== undefined && this.enter(step)) return this.find(rest);
    this.at = start;
    this.skip();
    return { start, end: this.at };
  }

  /** Moves to the member or element named `step`; false when there is none. */
  private enter(step: string | number): boolean {
    const open = this.text[this.at];
    if (open !== '{' && open !== '[') return false;
    this.at++;
    for (let index = 0; ; index++) {
      this.space();
      if (this.ended() || this.text[this.at] === '}' || this.text[this.at] === ']') return false;
      let key: string | number = index;
      if (open === '{') {
        const from = this.at;
        this.skip();
        key = unquote(this.text.slice(from, this.at));
        this.space();
        this.at++; // the colon
        this.space();
      }
      if (key === step) return true;
      this.skip();
      this.space();
      if (this.text[this.at] === ',') this.at++;
    }
  }

  /** Past one value. Always advances, so that broken text cannot hold it up. */
  private skip(): void {
    const first = this.text[this.at];
    if (first === '"') {
      for (this.at++; !this.ended() && this.text[this.at] !== '"'; this.at++) {
        if (this.text[this.at] === '\\') this.at++;
      }
      this.at++;
    } else if (first === '{' || first === '[') {
      this.at++;
      for (this.space(); !this.ended() && !'}]'.includes(this.text[this.at] as string); this.space())
        this.skip();
      this.at++;
    } else if (first === ',' || first === ':') {
      this.at++;
    } else {
      this.at++;
      while (!this.ended() && !/[\s,:\]}]/.test(this.text[this.at] as string)) this.at++;
    }
  }

  private space(): void {
    while (!this.ended() && /\s/.test(this.text[this.at] as string)) this.at++;
  }

  private ended(): boolean {
    return this.at >= this.text.length;
  }
}

function unquote(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
