import { readRegularText } from '../files.js';

/** What the user says about a run. It may change; the run itself never does. */
export interface RunDescription {
  /** Shown instead of the name of the preset or program. */
  readonly title?: string;
  readonly note?: string;
  /** Words by which runs are found, without `#`. */
  readonly tags?: readonly string[];
}

/** Missing or unreadable text says nothing: a run is complete without one. */
export async function readDescription(file: string): Promise<RunDescription> {
  try {
    return description(JSON.parse(await readRegularText(file)) as Described);
  } catch {
    return {};
  }
}

/** As a file may have it. */
type Described = Readonly<Partial<Record<keyof RunDescription, unknown>>>;

/** Without what is empty. */
export function description({ title, note, tags }: Described): RunDescription {
  const text = (part: unknown) => (typeof part === 'string' ? part.trim() : '');
  const words = Array.isArray(tags) ? tagsIn(tags.map(text).join(' ')) : [];
  return {
    ...(text(title) && { title: text(title) }),
    ...(text(note) && { note: text(note) }),
    ...(words.length > 0 && { tags: words }),
  };
}

/** The tags of a typed line: `slow, #before fix` has three. Each once, in their order. */
export function tagsIn(line: string): string[] {
  const words = line.split(/[\s,;]+/).map((word) => word.replace(/^#+/, ''));
  return [...new Set(words.filter((word) => word !== ''))];
}
