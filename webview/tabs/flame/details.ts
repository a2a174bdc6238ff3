/** The selected frame below the graph: all its figures and a link to its source. */
import type { FrameTree } from '../../../src/views/frameTree.js';
import { el, swatch } from '../../ui/dom.js';
import type { PanelModel, Place } from '../../store/panelModel.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { texts } from './texts.js';
import { describeFrame } from '../../graph/describe.js';

export class FrameDetails {
  readonly element: HTMLElement;
  private readonly text = el('div', { class: 'details-text' });
  private readonly source: HTMLElement & { disabled: boolean };

  constructor(openSource: () => void) {
    this.source = toolkitButton(texts.goToSource, 'primary', openSource);
    this.element = el(
      'div',
      // Not a live region: the frame itself is announced when it gets the focus.
      { class: 'details', role: 'group', 'aria-label': texts.selectedFrame },
      this.text,
      this.source,
    );
  }

  /** @param node -1 for none */
  show(model: PanelModel, tree: FrameTree, node: number, place: Place | undefined): void {
    if (node < 0) {
      this.source.disabled = true;
      const hint =
        model.shown.sampleCount === 0
          ? texts.noSamples
          : model.state.view === 'sandwich' && model.selectedFunction < 0
            ? texts.noFunction
            : texts.hint;
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
