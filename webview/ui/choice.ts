/** A list to choose from, with its label beside it: for places where the toolkit's own list would be cut off. */
import { el } from './dom.js';
import type { Choice } from './toolkit.js';

/** @returns the element is the label with the list */
export function labeledChoice<T extends string>(label: string, changed: (value: T) => void): Choice<T> {
  const select = el('select', { class: 'plain-select', 'aria-label': label });
  select.addEventListener('change', () => {
    changed(select.value as T);
  });
  let key = '';
  return {
    element: el('label', { class: 'choice' }, el('span', {}, label), select),
    show(options, value) {
      const now = JSON.stringify(options);
      if (now !== key)
        select.replaceChildren(
          ...options.map((option) => el('option', { value: option.value }, option.label)),
        );
      key = now;
      select.value = value;
    },
  };
}
