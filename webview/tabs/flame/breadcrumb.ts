/** The path from the root to the zoomed frame; each step is a button that zooms there. */
import { el } from '../../ui/dom.js';
import { moreSteps, zoomTo } from './texts.js';

/** Steps shown at each end; the middle of a deep path is shown as a count. */
const head = 1;
const tail = 3;

type Step =
  { readonly kind: 'node'; readonly node: number } | { readonly kind: 'gap'; readonly steps: number };

export function shortenPath(path: readonly number[]): Step[] {
  const step = (node: number): Step => ({ kind: 'node', node });
  if (path.length <= head + tail + 1) return path.map(step);
  return [
    ...path.slice(0, head).map(step),
    { kind: 'gap', steps: path.length - head - tail },
    ...path.slice(-tail).map(step),
  ];
}

export function drawBreadcrumb(
  element: HTMLElement,
  path: readonly number[],
  nameOf: (node: number) => string,
  zoom: (node: number) => void,
): void {
  const items = shortenPath(path).map((step, index, steps) => {
    if (step.kind === 'gap') return el('li', { class: 'gap' }, moreSteps(step.steps));
    const name = nameOf(step.node);
    const last = index === steps.length - 1;
    const button = el('button', { type: 'button', class: 'link', title: zoomTo(name) }, name);
    if (last) button.setAttribute('aria-current', 'location');
    button.addEventListener('click', () => {
      zoom(step.node);
    });
    return el('li', {}, button);
  });
  element.replaceChildren(...items);
}
