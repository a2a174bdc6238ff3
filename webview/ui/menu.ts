/** A context menu: arrow keys, letters, Enter, Escape; the focus returns to where it was. */
import { el } from './dom.js';

export interface MenuItem {
  readonly label: string;
  /** The keyboard shortcut. */
  readonly key?: string;
  readonly disabled?: boolean;
  act(): void;
}

export function openMenu(
  label: string,
  items: readonly MenuItem[],
  x: number,
  y: number,
  done: () => void,
): void {
  const menu = el('div', { class: 'menu', role: 'menu', 'aria-label': label });
  const buttons = items.map((item) => {
    const button = el(
      'button',
      { type: 'button', role: 'menuitem', tabindex: '-1', ...(item.disabled ? { disabled: '' } : {}) },
      el('span', {}, item.label),
      el('span', { class: 'menu-key' }, item.key ?? ''),
    );
    button.addEventListener('click', () => {
      close(true);
      item.act();
    });
    return button;
  });
  menu.append(...buttons);
  let open = true;
  function close(refocus: boolean): void {
    if (!open) return;
    open = false;
    menu.remove();
    window.removeEventListener('pointerdown', outside, true);
    if (refocus) done();
  }
  function outside(event: Event): void {
    if (!(event.target instanceof Node && menu.contains(event.target))) close(false);
  }
  menu.addEventListener('keydown', (event) => {
    const enabled = buttons.filter((button) => !button.disabled);
    const at = enabled.findIndex((button) => button === document.activeElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: enabled.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (target !== undefined) enabled[(target + enabled.length) % enabled.length]?.focus();
    else if (event.key.length === 1 && event.key !== ' ') {
      const from = [...enabled.slice(at + 1), ...enabled];
      from.find((button) => button.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) close(false);
  });
  document.body.append(menu);
  const { offsetWidth, offsetHeight } = menu;
  menu.style.left = `${String(Math.max(0, Math.min(x, window.innerWidth - offsetWidth - 4)))}px`;
  menu.style.top = `${String(Math.max(0, Math.min(y, window.innerHeight - offsetHeight - 4)))}px`;
  window.addEventListener('pointerdown', outside, true);
  buttons.find((button) => !button.disabled)?.focus();
}
