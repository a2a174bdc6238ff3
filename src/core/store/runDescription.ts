import { readRegularText } from '../files.js';

/** What the user says about a run. It may change; the run itself never does. */
export interface RunDescription {
  /** Shown instead of the name of the preset or program. */
  readonly title?: string;
  readonly note?: string;
}

/** Missing or unreadable text says nothing: a run is complete without one. */
export async function readDescription(file: string): Promise<RunDescription> {
  try {
    const value = JSON.parse(await readRegularText(file)) as Readonly<Record<keyof RunDescription, unknown>>;
    return description({ title: value.title, note: value.note });
  } catch {
    return {};
  }
}

/** Without what is empty. */
export function description(value: Readonly<Record<keyof RunDescription, unknown>>): RunDescription {
  const text = (part: unknown) => (typeof part === 'string' ? part.trim() : '');
  const [title, note] = [text(value.title), text(value.note)];
  return { ...(title && { title }), ...(note && { note }) };
}
