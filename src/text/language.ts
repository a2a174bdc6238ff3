/**
 * The language of figures and dates. The command line and its exports use English; the editor and the panel set their
 * language once, before they show anything.
 */
let current = 'en-US';
const listeners: (() => void)[] = [];

export function language(): string {
  return current;
}

/** @param tag BCP 47, as in editors and browsers; an invalid tag is ignored */
export function useLanguage(tag: string): void {
  if (!isSupported(tag)) return;
  current = tag;
  for (const forget of listeners) forget();
}

/** The page's language in the form of the reader's region: `en` is `en-GB` for a reader who prefers that. */
export function regionalLanguage(tag: string, preferred: readonly string[]): string {
  return preferred.find((other) => other === tag || other.startsWith(`${tag}-`)) ?? tag;
}

function isSupported(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** A value that is recreated after the language has changed. */
export function perLanguage<T>(make: (tag: string) => T): () => T {
  let made: T | undefined;
  listeners.push(() => (made = undefined));
  return () => (made ??= make(current));
}
