/** The selected range on the timeline: two edges that are sliders, dragging, and the dimmed parts outside. */
import { el } from '../ui/dom.js';
import { brushKey, moveEdge, moveSpan, spanBetween, type Edge } from './brush.js';
import { timeText, type Span } from '../text/times.js';
import { inRange, texts, wholeTime } from './texts.js';

interface BrushEvents {
  /** A preview while a drag or keys continue. */
  moving(span: Span): void;
  chosen(span: Span): void;
  cleared(): void;
}

/** Pixels around an edge that grab it, and the tolerance of a click. */
const grip = 8;
const clickTolerance = 3;
/** A range is applied after a pause in the keys: each step would filter a million samples. In ms. */
const keyDelay = 250;

export class BrushElement {
  readonly elements: readonly HTMLElement[];
  private readonly edges: Readonly<Record<Edge, HTMLElement>>;
  private readonly before = el('div', { class: 'timeline-outside' });
  private readonly behind = el('div', { class: 'timeline-outside' });
  private span: Span = { from: 0, to: 0 };
  private duration = 0;
  private width = 0;
  private timer = 0;
  private drag:
    | { readonly x: number; readonly span: Span; readonly mode: Edge | 'move' | 'new'; moved: boolean }
    | undefined;

  constructor(
    private readonly strip: HTMLElement,
    private readonly events: BrushEvents,
  ) {
    this.edges = { from: this.edge('from'), to: this.edge('to') };
    this.elements = [this.before, this.behind, this.edges.from, this.edges.to];
    strip.addEventListener('pointerdown', (event) => {
      this.press(event);
    });
    strip.addEventListener('pointermove', (event) => {
      this.pull(event);
    });
    strip.addEventListener('pointerup', () => {
      this.release();
    });
    strip.addEventListener('pointercancel', () => {
      this.drag = undefined;
    });
  }

  show(span: Span, duration: number, width: number): void {
    window.clearTimeout(this.timer);
    this.duration = duration;
    this.width = width;
    this.place(span);
  }

  private get whole(): boolean {
    return this.span.from <= 0 && this.span.to >= this.duration;
  }

  private edge(edge: Edge): HTMLElement {
    const element = el('div', {
      class: 'timeline-edge',
      role: 'slider',
      tabindex: '0',
      'aria-label': texts.edges[edge],
      'aria-orientation': 'horizontal',
      'aria-description': texts.edgeKeys,
    });
    element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || this.duration === 0) return;
      const next = brushKey(event, this.span, edge, this.duration);
      if (next !== undefined) this.preview(next);
      else if (event.key === 'Enter') this.settle();
      else if (event.key === 'Escape') {
        window.clearTimeout(this.timer);
        this.events.cleared();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    element.addEventListener('blur', () => {
      if (this.timer !== 0) this.settle();
    });
    return element;
  }

  private preview(span: Span): void {
    this.place(span);
    this.events.moving(span);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.settle();
    }, keyDelay);
  }

  private settle(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.events.chosen(this.span);
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0 || this.duration === 0) return;
    const x = this.xOf(event);
    const [from, to] = [this.pixel(this.span.from), this.pixel(this.span.to)];
    const mode = this.whole
      ? 'new'
      : Math.abs(x - to) <= grip
        ? 'to'
        : Math.abs(x - from) <= grip
          ? 'from'
          : x > from && x < to
            ? 'move'
            : 'new';
    this.drag = { x, span: this.span, mode, moved: false };
    this.strip.setPointerCapture(event.pointerId);
  }

  private pull(event: PointerEvent): void {
    const { drag, duration } = this;
    if (drag === undefined || this.width === 0) return;
    const x = this.xOf(event);
    if (!drag.moved && Math.abs(x - drag.x) < clickTolerance) return;
    drag.moved = true;
    const by = ((x - drag.x) / this.width) * duration;
    const { mode, span } = drag;
    const next =
      mode === 'new'
        ? spanBetween(this.time(drag.x), this.time(x), duration)
        : mode === 'move'
          ? moveSpan(span, by, duration)
          : moveEdge(span, mode, span[mode] + by, duration, duration / this.width);
    this.place(next);
    this.events.moving(next);
  }

  private release(): void {
    const { drag } = this;
    this.drag = undefined;
    if (drag === undefined) return;
    if (drag.moved) this.events.chosen(this.span);
    // A click outside the range clears it, as with a text selection.
    else if (drag.mode === 'new' && !this.whole) this.events.cleared();
  }

  private place(span: Span): void {
    this.span = span;
    const [from, to] = [this.pixel(span.from), this.pixel(span.to)];
    this.before.style.width = `${String(from)}px`;
    this.behind.style.left = `${String(to)}px`;
    this.behind.style.width = `${String(Math.max(0, this.width - to))}px`;
    for (const [edge, x] of [
      ['from', from],
      ['to', to],
    ] as const) {
      const element = this.edges[edge];
      element.style.transform = `translateX(${String(x)}px)`;
      element.setAttribute('aria-valuemin', '0');
      element.setAttribute('aria-valuemax', String(this.duration));
      element.setAttribute('aria-valuenow', String(span[edge]));
      const text = this.whole ? wholeTime(timeText(span[edge])) : inRange(timeText(span[edge]), span);
      element.setAttribute('aria-valuetext', text);
    }
    this.strip.classList.toggle('whole', this.whole);
  }

  private xOf(event: PointerEvent): number {
    return event.clientX - this.strip.getBoundingClientRect().left;
  }

  private pixel(time: number): number {
    return this.duration === 0 ? 0 : (time / this.duration) * this.width;
  }

  private time(x: number): number {
    return this.width === 0 ? 0 : (x / this.width) * this.duration;
  }
}
