/** The selected frame below the graph, on one line or in full, and a link to its source. */
import type { FrameTree } from '../../../src/views/frameTree.js';
import { describeFrame } from '../../graph/describe.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { PanelModel, Place } from '../../store/panelModel.js';
import { el, swatch } from '../../ui/dom.js';
import { texts } from './texts.js';

export class FrameDetails {
  readonly element: HTMLElement;
  private readonly text = el('div', { class: 'details-text' });
  private readonly source = el('button', { type: 'button', class: 'tool source' }, texts.goToSource);
  private readonly fold = el('button', { type: 'button', class: 'tool quiet' });

  constructor(
    private readonly model: PanelModel,
    openSource: () => void,
  ) {
    this.source.addEventListener('click', openSource);
    this.fold.addEventListener('click', () => {
      keepFor(model, 'flame', { details: !this.full });
      this.showFold();
    });
    this.element = el(
      'div',
      // Not a live region: the frame itself is announced when it gets the focus.
      { class: 'details', role: 'group', 'aria-label': texts.selectedFrame },
      this.text,
      this.source,
      this.fold,
    );
    this.showFold();
  }

  /** @param node -1 for none */
  show(model: PanelModel, tree: FrameTree, node: number, place: Place | undefined): void {
    this.fold.hidden = node < 0;
    this.source.hidden = node < 0;
    if (node < 0) {
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

  private get full(): boolean {
    return keptBy(this.model, 'flame')['details'] === true;
  }

  private showFold(): void {
    const { full } = this;
    this.element.classList.toggle('full', full);
    this.fold.textContent = full ? texts.less : texts.more;
    this.fold.setAttribute('aria-expanded', String(full));
  }
}
