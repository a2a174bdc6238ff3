/** The activity over the whole recording, where a time range is selected by dragging, by keys or by typing. */
import { el, setText } from '../ui/dom.js';
import { toolkitButton } from '../ui/toolkit.js';
import type { CategoryColors } from '../ui/palette.js';
import type { Theme } from '../ui/theme.js';
import type { Activity } from './activity.js';
import { filterOf, spanBetween, spanOf, type Edge, type TimeFilter } from './brush.js';
import { BrushElement } from './brushElement.js';
import { axisHeight, barHeight, drawActivity, prepareCanvas } from './drawTimeline.js';
import { parseTime, timeText, type Span } from '../text/times.js';
import { activityOver, fieldHint, fieldLabel, lineOf, notATime, texts } from './texts.js';

interface TimelineEvents {
  chosen(filter: TimeFilter): void;
  announce(text: string): void;
}

export class Timeline {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', {
    class: 'timeline-canvas',
    role: 'img',
    'aria-label': texts.activity,
  });
  private readonly selected = el('span', { class: 'timeline-selected' });
  private readonly seen = el('div', { class: 'timeline-seen' });
  private readonly strip: HTMLElement;
  private readonly brush: BrushElement;
  private readonly fields: Readonly<Record<Edge, HTMLInputElement>>;
  private readonly all: HTMLElement & { disabled: boolean };
  private activity: Activity | undefined;
  private theme: Theme | undefined;
  private colors: readonly CategoryColors[] = [];
  private filter: TimeFilter = null;
  private seenSpan: Span | undefined;
  private width = 0;
  private pending = 0;

  constructor(private readonly events: TimelineEvents) {
    this.strip = el('div', { class: 'timeline-strip' }, this.canvas, this.seen);
    this.strip.style.height = `${String(barHeight + axisHeight)}px`;
    this.brush = new BrushElement(this.strip, {
      moving: (span) => {
        this.write(span);
      },
      chosen: (span) => {
        this.choose(span);
      },
      cleared: () => {
        events.chosen(null);
      },
    });
    this.strip.append(...this.brush.elements);
    this.fields = { from: this.field('from'), to: this.field('to') };
    this.all = toolkitButton(
      texts.all,
      'secondary',
      () => {
        events.chosen(null);
        this.fields.from.focus();
      },
      texts.showAll,
    );
    this.element = el(
      'div',
      { class: 'timeline', role: 'group', 'aria-label': texts.group },
      this.strip,
      el(
        'div',
        { class: 'timeline-fields' },
        el('label', { class: 'labeled' }, `${texts.time} `, this.fields.from),
        el('label', { class: 'labeled' }, `${texts.to} `, this.fields.to),
        this.all,
        this.selected,
      ),
    );
    new ResizeObserver(() => {
      this.width = this.strip.clientWidth;
      this.draw();
    }).observe(this.strip);
  }

  /** Another theme or filter; keeps the bars of the last `fill`. */
  show(theme: Theme, filter: TimeFilter): void {
    this.theme = theme;
    this.filter = filter;
    this.draw();
  }

  /**
   * Bars of another set of samples.
   * @param selected name of the function that the line is of; empty without one
   */
  fill(activity: Activity, colors: readonly CategoryColors[], selected: string): void {
    this.activity = activity;
    setText(this.selected, selected === '' ? '' : lineOf(selected));
    this.selected.title = selected;
    this.colors = colors;
    this.draw();
  }

  /** The time that the graph shows, if that is one range. */
  showSeen(span: Span | undefined): void {
    this.seenSpan = span;
    this.placeSeen();
  }

  private get duration(): number {
    return this.activity?.duration ?? 0;
  }

  private field(edge: Edge): HTMLInputElement {
    const label = texts.fields[edge];
    const input = el('input', {
      type: 'text',
      class: 'plain-input',
      size: '9',
      spellcheck: 'false',
      'aria-label': fieldLabel(label),
      title: fieldHint(label),
    });
    input.addEventListener('change', () => {
      const typed = parseTime(input.value);
      const { duration } = this;
      if (typed === undefined || duration === 0) {
        this.events.announce(notATime(input.value));
        this.write(spanOf(this.filter, duration));
        return;
      }
      const now = spanOf(this.filter, duration);
      // What was typed wins: the other edge moves out of the way.
      const span =
        edge === 'from'
          ? { from: typed, to: Math.max(now.to, typed) }
          : { from: Math.min(now.from, typed), to: typed };
      const full = span.from >= span.to ? { from: span.from, to: duration } : span;
      this.choose(spanBetween(full.from, full.to, duration));
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.events.chosen(null);
    });
    return input;
  }

  private choose(span: Span): void {
    const filter = filterOf(span, this.duration);
    if (filter === null && this.filter === null) this.show(this.theme as Theme, null);
    else this.events.chosen(filter);
  }

  private write({ from, to }: Span): void {
    this.fields.from.value = timeText(from);
    this.fields.to.value = timeText(to);
  }

  private draw(): void {
    const { activity } = this;
    this.all.disabled = this.filter === null;
    if (activity === undefined) return;
    const span = spanOf(this.filter, activity.duration);
    this.write(span);
    this.brush.show(span, activity.duration, this.width);
    this.placeSeen();
    if (this.pending !== 0) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.paint();
    });
  }

  private paint(): void {
    const { activity, theme, width } = this;
    if (activity === undefined || theme === undefined) return;
    const context = prepareCanvas(this.canvas, width, barHeight + axisHeight, theme);
    if (context === undefined) return;
    drawActivity(context, activity, this.colors, theme, width);
    this.canvas.setAttribute('aria-label', activityOver({ from: 0, to: activity.duration }));
  }

  private placeSeen(): void {
    const { seenSpan, duration, width } = this;
    this.seen.hidden = seenSpan === undefined || duration === 0;
    if (seenSpan === undefined || duration === 0) return;
    const left = (seenSpan.from / duration) * width;
    this.seen.style.transform = `translateX(${String(left)}px)`;
    this.seen.style.width = `${String(Math.max(2, ((seenSpan.to - seenSpan.from) / duration) * width))}px`;
  }
}
