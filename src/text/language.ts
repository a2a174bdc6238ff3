/**
 * The language of figures and dates. The command line and exports made by it stay with English; the editor sets
 * its own language once, before anything is shown, and so does the panel.
 */
let current = 'en-US';
const listeners: (() => void)[] = [];

export function language(): string {
  return current;
}

/** @param tag BCP 47, as editors and browsers name it; what is not a tag leaves the language as it is */
export function useLanguage(tag: string): void {
  if (!isSupported(tag)) return;
  current = tag;
  for (const forget of listeners) forget();
}

function isSupported(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** A value that is made anew after the language has changed. */
export function perLanguage<T>(make: (tag: string) => T): () => T {
  let made: T | undefined;
  listeners.push(() => (made = undefined));
  return () => (made ??= make(current));
}
