/** A chosen part of a recording's time, and how it is moved: pure. */
import type { Span } from '../text/times.js';

export type Edge = 'from' | 'to';

/** As the filter has it: the end does not belong to the range; null for all. */
export type TimeFilter = Span | null;

/** What is chosen under a filter, inside the recording. */
export function spanOf(filter: TimeFilter, duration: number): Span {
  if (filter === null) return { from: 0, to: duration };
  const from = Math.min(Math.max(filter.from, 0), duration);
  return { from, to: Math.min(Math.max(filter.to, from), duration) };
}

/** The whole recording is no filter; a range that reaches its end has the last sample in it. */
export function filterOf({ from, to }: Span, duration: number): TimeFilter {
  if (from <= 0 && to >= duration) return null;
  return { from: Math.max(0, from), to: to >= duration ? after(duration) : to };
}

/** The next number, so that what happened at this very time lies before it. */
export function after(seconds: number): number {
  return seconds + Math.max(Math.abs(seconds), 1) * Number.EPSILON * 2;
}

/** Two points of time in any order, cut to the recording. */
export function spanBetween(a: number, b: number, duration: number): Span {
  const clamp = (time: number): number => Math.min(Math.max(time, 0), duration);
  return { from: clamp(Math.min(a, b)), to: clamp(Math.max(a, b)) };
}

/** An edge goes to a time, but never through the other edge: `least` stays between them where it fits. */
export function moveEdge(span: Span, edge: Edge, time: number, duration: number, least = 0): Span {
  if (edge === 'from') {
    const from = Math.max(0, Math.min(time, span.to - least));
    return { from, to: Math.max(span.to, from) };
  }
  const to = Math.min(duration, Math.max(time, span.from + least));
  return { from: Math.min(span.from, to), to };
}

/** Both edges go by the same time, as far as there is room. */
export function moveSpan({ from, to }: Span, by: number, duration: number): Span {
  const length = Math.min(to - from, duration);
  const start = Math.min(Math.max(from + by, 0), duration - length);
  return { from: start, to: start + length };
}

/** Where a key takes an edge; undefined for keys that mean nothing to it. With Shift the range keeps its length. */
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
