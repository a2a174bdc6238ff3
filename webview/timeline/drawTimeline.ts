/** Paints the activity and its axis on a 2D canvas. Knows nothing of events and state. */
import type { CategoryColors } from '../ui/palette.js';
import type { Theme } from '../ui/theme.js';
import type { Activity } from './activity.js';
import type { OrderAxis } from './orderAxis.js';
import { pauseText } from './texts.js';
import { shortTime, timeTicks } from '../text/times.js';

export const barHeight = 34;
export const axisHeight = 16;
const tickDistance = 80;
const textPadding = 3;

/** Resizes the canvas to its size in device pixels and clears it. Undefined if there is nothing to draw on. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  theme: Theme,
): CanvasRenderingContext2D | undefined {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null || width === 0) return undefined;
  const ratio = window.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
    canvas.style.width = `${String(width)}px`;
    canvas.style.height = `${String(height)}px`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  return context;
}

/** One bar per bin, stacked by color, with the selected function as a line, and a linear time axis below. */
export function drawActivity(
  context: CanvasRenderingContext2D,
  { bins, slots, weight, selected, peak, duration }: Activity,
  colors: readonly CategoryColors[],
  theme: Theme,
  width: number,
): void {
  const height = barHeight - 2;
  const ratio = window.devicePixelRatio || 1;
  const edge = (bin: number): number => Math.round((bin * width * ratio) / bins) / ratio;
  const base = new Float64Array(bins).fill(barHeight);
  for (let slot = 0; slot < slots && peak > 0; slot++) {
    context.fillStyle = colors[slot]?.fill ?? theme.foreground;
    for (let bin = 0; bin < bins; bin++) {
      const value = weight[bin * slots + slot] as number;
      if (value === 0) continue;
      const size = (value / peak) * height;
      const top = (base[bin] as number) - size;
      context.fillRect(edge(bin), top, edge(bin + 1) - edge(bin), size);
      base[bin] = top;
    }
  }
  if (selected && peak > 0) {
    // On bars of any color it is read by its edge.
    for (const [color, thickness] of [
      [theme.background, 4],
      [theme.foreground, 2],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = thickness;
      context.beginPath();
      for (let bin = 0; bin < bins; bin++) {
        const y = barHeight - 1 - ((selected[bin] as number) / peak) * (height - 1);
        context.lineTo(edge(bin), y);
        context.lineTo(edge(bin + 1), y);
      }
      context.stroke();
    }
  }
  context.fillStyle = theme.faint;
  context.fillRect(0, barHeight, width, 1);
  for (const { seconds, label } of timeTicks(0, duration, width, tickDistance))
    drawTick(context, theme, (seconds / duration) * width, label, barHeight, width);
}

/** The axis of the time order, with its pauses. */
export function drawOrderAxis(
  context: CanvasRenderingContext2D,
  { ticks, pauses, starts }: OrderAxis,
  theme: Theme,
  width: number,
): void {
  context.fillStyle = theme.foreground;
  for (const x of starts) context.fillRect(Math.round(x), 0, 1, axisHeight);
  for (const { x, label } of ticks) drawTick(context, theme, x, label, 0, width);
  for (const { x, seconds, labeled } of pauses) {
    context.fillStyle = theme.foreground;
    context.fillRect(Math.round(x) - 2, 2, 2, axisHeight - 3);
    context.fillRect(Math.round(x) + 2, 2, 2, axisHeight - 3);
    if (labeled) context.fillText(pauseText(shortTime(seconds)), x + 5 + textPadding, axisHeight / 2 + 1);
  }
}

function drawTick(
  context: CanvasRenderingContext2D,
  theme: Theme,
  x: number,
  label: string,
  top: number,
  width: number,
): void {
  context.fillStyle = theme.foreground;
  context.fillRect(Math.min(Math.round(x), width - 1), top, 1, axisHeight / 2 - 2);
  const room = width - x - textPadding;
  if (context.measureText(label).width <= room)
    context.fillText(label, x + textPadding, top + axisHeight / 2 + 1);
}
