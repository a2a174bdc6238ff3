/** A box that a button opens: Escape, a press elsewhere, or leaving it by Tab closes it; Tab goes from the button into it. */
import { el } from './dom.js';

export interface Popover {
  readonly button: HTMLButtonElement;
  readonly box: HTMLElement;
}

/** Distance from the button and from the edges of the window, in pixels. */
const gap = 4;

/** @param title what the button opens, if its text does not say it all */
export function popover(text: string, title: string, ...content: readonly (Node | string)[]): Popover {
  const box = el(
    'div',
    { class: 'popover', popover: 'auto', role: 'dialog', 'aria-label': title },
    ...content,
  );
  const button = el('button', { type: 'button', class: 'tool', title, 'aria-haspopup': 'dialog' }, text);
  button.popoverTargetElement = box;
  box.addEventListener('toggle', (event) => {
    if (event.newState === 'open') place(box, button.getBoundingClientRect());
  });
  // What gets the focus next must not be covered.
  box.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !box.contains(relatedTarget) && relatedTarget !== button)
      box.hidePopover();
  });
  return { button, box };
}

/** Below the button, its right edge at the button's right edge, within the window. */
function place(box: HTMLElement, { right, bottom }: DOMRect): void {
  const left = Math.min(right, window.innerWidth - gap) - box.offsetWidth;
  const top = Math.min(bottom + gap, window.innerHeight - gap - box.offsetHeight);
  box.style.left = `${String(Math.max(gap, left))}px`;
  box.style.top = `${String(Math.max(gap, top))}px`;
}
