/** The axis above the graph in the time order. Painted at most once per animation frame. */
import { el } from '../ui/dom.js';
import type { Range } from '../graph/layout.js';
import type { Theme } from '../ui/theme.js';
import { axisHeight, drawOrderAxis, prepareCanvas } from './drawTimeline.js';
import { orderAxis, type TimedOrder } from './orderAxis.js';
import { axisLabel, texts } from './texts.js';
import { timeText } from '../text/times.js';

export class AxisStrip {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { class: 'time-axis-canvas', role: 'img' });
  private shown: { readonly order: TimedOrder; readonly range: Range; readonly width: number } | undefined;
  private theme: Theme | undefined;
  private pending = 0;

  constructor() {
    this.element = el('div', { class: 'time-axis', title: texts.axis }, this.canvas);
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
    const [first, last] = [ticks[0], ticks.at(-1)];
    const ends = first && last ? ([first.label, last.label] as const) : undefined;
    const lengths = pauses.map(({ seconds }) => timeText(seconds));
    this.canvas.setAttribute('aria-label', axisLabel(ends, lengths));
  }
}
