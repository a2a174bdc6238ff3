/** Pointer gestures on a graph: wheel, drag, click, double-click, context menu, hover. */

export interface GestureTarget {
  /** Zooms by a factor around a point, 0..1 of the width. */
  zoomBy(factor: number, at: number): void;
  /** Moves sideways by pixels; `lasting` if the movement becomes a step of the history. */
  panBy(pixels: number, lasting: boolean): void;
  scrollBy(pixels: number): void;
  /** A drag begins; `dragTo` is relative to this point. */
  grab(): void;
  dragTo(dx: number, dy: number): void;
  /** A drag has ended. */
  dropped(): void;
  /** Null if the pointer is over nothing. */
  hover(event: PointerEvent | null): void;
  clicked(event: MouseEvent): void;
  doubleClicked(): void;
  menu(event: MouseEvent): void;
}

/** Pixels beyond which a press is a drag. */
const dragDistance = 4;
/** Pixels per line, for wheels that count lines. */
const linePixels = 20;

export function listenToPointer(scroller: HTMLElement, content: HTMLElement, target: GestureTarget): void {
  let press: { x: number; y: number; moved: boolean } | undefined;
  scroller.addEventListener(
    'wheel',
    (event) => {
      if (wheel(event, content, target)) event.preventDefault();
    },
    { passive: false },
  );
  content.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    press = { x: event.clientX, y: event.clientY, moved: false };
    target.grab();
  });
  content.addEventListener('pointermove', (event) => {
    if (press === undefined || (event.buttons & 1) === 0) {
      target.hover(event);
      return;
    }
    const [dx, dy] = [event.clientX - press.x, event.clientY - press.y];
    if (!press.moved) {
      if (Math.hypot(dx, dy) < dragDistance) return;
      press.moved = true;
      content.setPointerCapture(event.pointerId);
    }
    target.hover(null);
    target.dragTo(dx, dy);
  });
  content.addEventListener('pointerleave', () => {
    target.hover(null);
  });
  content.addEventListener('click', (event) => {
    const dragged = press?.moved === true;
    press = undefined;
    if (dragged) target.dropped();
    else target.clicked(event);
  });
  content.addEventListener('dblclick', () => {
    target.doubleClicked();
  });
  content.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    event.stopPropagation();
    target.menu(event);
  });
}

/** Ctrl+wheel (or a pinch) zooms around the pointer; Shift+wheel or a horizontal wheel pans. */
function wheel(event: WheelEvent, content: HTMLElement, target: GestureTarget): boolean {
  const pixels = event.deltaMode === 1 ? linePixels : 1;
  if (event.ctrlKey || event.metaKey) {
    const { left, width } = content.getBoundingClientRect();
    const at = width > 0 ? (event.clientX - left) / width : 0.5;
    const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY * pixels)) * 0.006);
    target.zoomBy(factor, Math.min(1, Math.max(0, at)));
    return true;
  }
  const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
  if (sideways === 0) return false;
  target.panBy(sideways * pixels, true);
  // A touchpad moves in both directions at once: the vertical part still scrolls.
  if (!event.shiftKey && event.deltaY !== 0) target.scrollBy(event.deltaY * pixels);
  return true;
}
