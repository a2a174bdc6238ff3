/** The search field, its result, and the buttons from match to match. */
import { el } from '../../ui/dom.js';
import type { PanelModel } from '../../store/panelModel.js';
import { toolkitTextField } from '../../ui/toolkit.js';
import { foundText, functionsInFrames, texts } from './texts.js';
import { functionsIn, parseQuery, weighMatches } from '../../store/search.js';

interface SearchEvents {
  /** What is searched, as it is kept. */
  text(): string;
  keep(text: string): void;
  /** 1 for the functions found; undefined while nothing is searched. */
  found(mask: Uint8Array | undefined): void;
  match(by: 1 | -1): void;
  /** Enter or Escape: back to what is searched. */
  leave(): void;
}

export class SearchBar {
  readonly element: HTMLElement;
  private readonly field = toolkitTextField(texts.search, texts.searchHint, (text) => {
    this.events.keep(text);
    this.search();
  });
  private readonly tools: HTMLElement;
  private readonly status = el('span', { class: 'search-status', role: 'status' });

  constructor(
    private readonly model: PanelModel,
    private readonly events: SearchEvents,
  ) {
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.set('');
      if (event.key === 'Escape' || event.key === 'Enter') events.leave();
    });
    const tool = (sign: string, title: string, act: () => void): HTMLElement => {
      const button = el('button', { type: 'button', class: 'tool', title, 'aria-label': title }, sign);
      button.addEventListener('click', act);
      return button;
    };
    this.tools = el(
      'span',
      { class: 'pair' },
      tool('↑', texts.previousMatch, () => {
        events.match(-1);
      }),
      tool('↓', texts.nextMatch, () => {
        events.match(1);
      }),
      tool('×', texts.clearSearchTitle, () => {
        this.set('');
        this.field.focus();
      }),
    );
    this.element = el('div', { class: 'search' }, this.field, this.tools, this.status);
  }

  focus(): void {
    this.field.focus();
  }

  set(text: string): void {
    this.field.value = text;
    this.events.keep(text);
    this.search();
  }

  /** The profile or its shown samples have changed. */
  update(): void {
    const search = this.events.text();
    if (this.field.value !== search) this.field.value = search;
    this.search();
  }

  private search(): void {
    const { model } = this;
    if (!model.hasProfile) return;
    const query = parseQuery(this.events.text());
    this.tools.hidden = query.kind === 'none';
    if (query.kind !== 'match') {
      this.events.found(undefined);
      const { tree } = model.shown;
      const all = functionsInFrames(functionsIn(tree, model.data.functionCount), tree.length - 1);
      this.say(...(query.kind === 'invalid' ? [query.reason] : all));
      return;
    }
    const matches = model.data.matching(query);
    const { functions, frames, weight } = weighMatches(model.shown.tree, matches.mask);
    this.events.found(matches.mask);
    if (functions > 0) this.say(...foundText(functions, frames, model.shown.share(weight)));
    else this.say(matches.functions > 0 ? texts.foundElsewhere : texts.noFunctionFound);
  }

  /** Where there is little room, every second part is left out; the title has all of it. */
  private say(...parts: readonly string[]): void {
    const text = parts.join('');
    // What is written again would be announced again.
    if (this.status.textContent === text) return;
    this.status.replaceChildren(
      ...parts.map((part, i) => el('span', i % 2 === 1 ? { class: 'more-found' } : {}, part)),
    );
    this.status.title = text;
  }
}
