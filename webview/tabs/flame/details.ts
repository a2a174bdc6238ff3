/** The selected frame below the graph: its figures in full, and the way to its source. */
import type { FrameTree } from '../../../src/views/frameTree.js';
import { el, swatch } from '../../ui/dom.js';
import type { PanelModel, Place } from '../../store/panelModel.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { describeFrame } from '../../graph/describe.js';

const help =
  'Click a frame to zoom in, double-click it to open its source, Ctrl+wheel zooms, dragging moves. Press ? for all keys.';
const noSamples =
  'No samples are shown: the program may have ended before the first one, or a filter leaves none.';
const noFunction =
  'Select a function: its callers will stand above it, and what it calls below. Until then the whole is shown.';

export class FrameDetails {
  readonly element: HTMLElement;
  private readonly text = el('div', { class: 'details-text' });
  private readonly source: HTMLElement & { disabled: boolean };

  constructor(openSource: () => void) {
    this.source = toolkitButton('Go to source', 'primary', openSource);
    this.element = el(
      'div',
      // Not live: the frame itself is read when it is reached.
      { class: 'details', role: 'group', 'aria-label': 'Selected frame' },
      this.text,
      this.source,
    );
  }

  /** @param node -1 for none */
  show(model: PanelModel, tree: FrameTree, node: number, place: Place | undefined): void {
    if (node < 0) {
      this.source.disabled = true;
      const hint =
        model.sampleCount === 0
          ? noSamples
          : model.state.view === 'sandwich' && model.selectedFunction < 0
            ? noFunction
            : help;
      this.text.replaceChildren(el('span', { class: 'hint' }, hint));
      return;
    }
    const description = describeFrame(model, tree, node, place);
    const name = el(
      'strong',
      { class: 'details-name', title: description.name },
      el('span', {}, description.name),
    );
    if (description.category >= 0)
      name.prepend(swatch(description.category, model.profile.categories.length));
    const list = el('dl', { class: 'facts' });
    for (const fact of description.facts)
      list.append(el('div', {}, el('dt', {}, fact.label), el('dd', {}, fact.value)));
    this.text.replaceChildren(name, list);
    this.source.disabled = description.place === undefined;
  }
}
