/** Maps keys to commands that move around in a graph. Pure. */
import type { Direction } from './navigate.js';

type GraphCommand =
  | { readonly kind: 'select'; readonly direction: Direction }
  /** A factor below 1 enlarges the frames. */
  | { readonly kind: 'zoom'; readonly factor: number }
  /** Share of the visible range. */
  | { readonly kind: 'pan'; readonly share: number }
  /** Share of the height. */
  | { readonly kind: 'scroll'; readonly share: number };

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
}

const zoomStep = 1.25;
const panStep = 0.15;
const pageStep = 0.9;
const zooms: Readonly<Record<string, number>> = {
  '+': 1 / zoomStep,
  '=': 1 / zoomStep,
  w: 1 / zoomStep,
  '-': zoomStep,
  s: zoomStep,
};
const pans: Readonly<Record<string, number>> = { a: -panStep, d: panStep };
const pages: Readonly<Record<string, number>> = { PageDown: pageStep, PageUp: -pageStep };

/** @param flipped callees are above their callers */
export function graphCommand({ key, shiftKey }: Key, flipped: boolean): GraphCommand | undefined {
  if (shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight'))
    return { kind: 'pan', share: key === 'ArrowLeft' ? -panStep : panStep };
  const direction = shiftKey ? undefined : directionOf(key, flipped);
  if (direction !== undefined) return { kind: 'select', direction };
  const [factor, pan, page] = [zooms[key], pans[key], pages[key]];
  if (factor !== undefined) return { kind: 'zoom', factor };
  if (pan !== undefined) return { kind: 'pan', share: pan };
  if (page !== undefined) return { kind: 'scroll', share: page };
  return undefined;
}

function directionOf(key: string, flipped: boolean): Direction | undefined {
  if (key === 'ArrowLeft') return 'left';
  if (key === 'ArrowRight') return 'right';
  if (key === 'ArrowUp') return flipped ? 'callee' : 'caller';
  if (key === 'ArrowDown') return flipped ? 'caller' : 'callee';
  return undefined;
}
