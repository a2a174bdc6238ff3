/**
 * Creates elements. Text is always inserted as text nodes and styles through the CSSOM: symbol names cannot inject
 * markup, and the strict content security policy is never violated.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button that looks like text: for names and places in tables. */
export function linkButton(label: string, title: string, act: () => void): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'link', title }, label);
  button.addEventListener('click', act);
  return button;
}

/** The colored square of a category, always next to the category's name. */
export function swatch(category: number, categoryCount: number): HTMLElement {
  const element = el('span', { class: 'swatch', 'aria-hidden': 'true' });
  const index = String(category < 0 ? categoryCount : category);
  element.style.backgroundColor = `var(--category-${index})`;
  element.style.borderColor = `var(--category-${index}-edge)`;
  return element;
}

/** Sets a text only when it differs: screen readers announce every change of a live region. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
