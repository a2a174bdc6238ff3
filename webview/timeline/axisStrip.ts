/** Above the graph in time order: when its samples were taken. Painted at most once per animation frame. */
import { el } from '../ui/dom.js';
import type { Range } from '../graph/layout.js';
import type { Theme } from '../ui/theme.js';
import { axisHeight, drawOrderAxis, prepareCanvas } from './drawTimeline.js';
import { orderAxis, type TimedOrder } from './orderAxis.js';
import { timeText } from '../text/times.js';

const meaning =
  'Frames are as wide as their weight, so widths add up to shares; the axis says when. Two bars mark a pause: no sample was taken for so long.';

export class AxisStrip {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { class: 'time-axis-canvas', role: 'img' });
  private shown: { readonly order: TimedOrder; readonly range: Range; readonly width: number } | undefined;
  private theme: Theme | undefined;
  private pending = 0;

  constructor() {
    this.element = el('div', { class: 'time-axis', title: meaning }, this.canvas);
    this.element.hidden = true;
  }

  /** @param order undefined in views that have no time */
  setTheme(order: TimedOrder | undefined, theme: Theme): void {
    this.theme = theme;
    this.element.hidden = order === undefined;
    if (order === undefined) this.shown = undefined;
  }

  show(order: TimedOrder, range: Range, width: number): void {
    this.shown = { order, range, width };
    if (this.pending !== 0) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.paint();
    });
  }

  private paint(): void {
    const { shown, theme } = this;
    if (shown === undefined || theme === undefined) return;
    const { order, range, width } = shown;
    const axis = orderAxis(order, range, width);
    const context = prepareCanvas(this.canvas, width, axisHeight, theme);
    if (context !== undefined) drawOrderAxis(context, axis, theme, width);
    const { ticks, pauses } = axis;
    const times = ticks.length === 0 ? '' : `, from ${ticks[0]?.label ?? ''} to ${ticks.at(-1)?.label ?? ''}`;
    const gaps = pauses.map(({ seconds }) => timeText(seconds)).join(', ');
    this.canvas.setAttribute('aria-label', `Time${times}${gaps === '' ? '' : `; pauses: ${gaps}`}`);
  }
}
