/** The selected time range and how it is moved. Pure. */
import type { Span } from '../text/times.js';

export type Edge = 'from' | 'to';

/** Half-open, as in the filters: without its end; null for all. */
export type TimeFilter = Span | null;

/** The range that a filter selects, within the recording. */
export function spanOf(filter: TimeFilter, duration: number): Span {
  if (filter === null) return { from: 0, to: duration };
  const from = Math.min(Math.max(filter.from, 0), duration);
  return { from, to: Math.min(Math.max(filter.to, from), duration) };
}

/** The whole recording isn’t a filter; a range up to its end includes the last sample. */
export function filterOf({ from, to }: Span, duration: number): TimeFilter {
  if (from <= 0 && to >= duration) return null;
  return { from: Math.max(0, from), to: to >= duration ? after(duration) : to };
}

/** The next number, so that samples at exactly this time lie before it. */
function after(seconds: number): number {
  return seconds + Math.max(Math.abs(seconds), 1) * Number.EPSILON * 2;
}

/** The range between two times in any order, clipped to the recording. */
export function spanBetween(a: number, b: number, duration: number): Span {
  const clamp = (time: number): number => Math.min(Math.max(time, 0), duration);
  return { from: clamp(Math.min(a, b)), to: clamp(Math.max(a, b)) };
}

/** Moves an edge to a time, but not past the other edge: `least` stays between them if it fits. */
export function moveEdge(span: Span, edge: Edge, time: number, duration: number, least = 0): Span {
  if (edge === 'from') {
    const from = Math.max(0, Math.min(time, span.to - least));
    return { from, to: Math.max(span.to, from) };
  }
  const to = Math.min(duration, Math.max(time, span.from + least));
  return { from: Math.min(span.from, to), to };
}

/** Moves both edges by the same time, within the recording. */
export function moveSpan({ from, to }: Span, by: number, duration: number): Span {
  const length = Math.min(to - from, duration);
  const start = Math.min(Math.max(from + by, 0), duration - length);
  return { from: start, to: start + length };
}

/** The range after a key on an edge; undefined for other keys. With Shift the range keeps its length. */
export function brushKey(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  span: Span,
  edge: Edge,
  duration: number,
): Span | undefined {
  const step = duration / 100;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -step,
    ArrowDown: -step,
    ArrowRight: step,
    ArrowUp: step,
    PageDown: -10 * step,
    PageUp: 10 * step,
  };
  const by = steps[key];
  if (by !== undefined)
    return shiftKey ? moveSpan(span, by, duration) : moveEdge(span, edge, span[edge] + by, duration, step);
  if (key === 'Home') return moveEdge(span, edge, 0, duration, step);
  if (key === 'End') return moveEdge(span, edge, duration, duration, step);
  return undefined;
}
