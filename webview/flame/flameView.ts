/** The flame graph's tab: search above, path of the zoom, the graph, and the selected frame's details below. */
import type { Actions } from '../actions.js';
import { el, setText, swatch } from '../dom.js';
import { percent, plural } from '../format.js';
import type { Model } from '../model.js';
import type { Theme } from '../theme.js';
import { toolkitButton, toolkitTextField } from '../toolkit.js';
import { drawBreadcrumb } from './breadcrumb.js';
import { describeFrame } from './describe.js';
import { FlameGraph } from './flameGraph.js';
import { heaviestNode, matchFunctions, parseQuery, weighMatches } from './search.js';
import { findPath, pathTo } from './tree.js';

const help =
  'Click a frame to zoom in, double-click it to open its source. ' +
  'Keys: arrows move, Enter zooms in, Escape zooms out, O opens the source, / searches.';
const noSamples = 'This profile has no samples: the program may have ended before the first one was due.';

export interface FlameState {
  readonly search: string;
  readonly zoomPath: readonly string[];
}

export class FlameView {
  readonly element: HTMLElement;
  private readonly field = toolkitTextField(
    'Search functions',
    'Search: name, "exact name" or /regex/',
    (text) => {
      this.search(text);
      this.remember();
    },
  );
  private readonly clear = toolkitButton('Clear', 'secondary', () => {
    this.setSearch('');
    this.field.focus();
  });
  private readonly status = el('span', { class: 'search-status', role: 'status' });
  private readonly legend = el('ul', { class: 'legend', 'aria-label': 'Colours' });
  private readonly path = el('ol', { class: 'breadcrumb', 'aria-label': 'Zoomed path' });
  private readonly details = el('div', { class: 'details', role: 'status', 'aria-live': 'polite' });
  private readonly detailText = el('div', { class: 'details-text' });
  private readonly sourceButton = toolkitButton('Go to source', 'primary', () => {
    this.openSource(this.selected);
  });
  private readonly graph: FlameGraph;
  private model: Model | undefined;
  private zoomed = 0;
  private selected = -1;
  private text = '';

  constructor(
    private readonly actions: Actions,
    private readonly changed: (state: FlameState) => void,
  ) {
    this.graph = new FlameGraph({
      zoomed: (node) => {
        this.zoom(node);
      },
      selected: (node) => {
        this.selectNode(node);
      },
      openSource: (node) => {
        this.openSource(node);
      },
      search: () => {
        this.field.focus();
      },
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.setSearch('');
      if (event.key === 'Escape' || event.key === 'Enter') this.graph.focus();
    });
    this.details.append(this.detailText, this.sourceButton);
    this.element = el(
      'section',
      { class: 'flame', 'aria-label': 'Flame graph' },
      el('div', { class: 'toolbar' }, this.field, this.clear, this.status),
      this.legend,
      el('nav', { class: 'path', 'aria-label': 'Zoomed path' }, this.path),
      this.graph.element,
      this.details,
      this.graph.tooltip.element,
    );
    this.describeSelection();
  }

  show(model: Model, state: FlameState): void {
    this.model = model;
    this.selected = -1;
    this.zoomed = findPath(model.tree, state.zoomPath, (func) => model.rawName(func)) ?? model.tree.root;
    this.graph.show(model, this.zoomed);
    this.field.value = state.search;
    this.search(state.search);
    this.drawPath();
    this.drawLegend(model);
    this.describeSelection();
  }

  setTheme(theme: Theme): void {
    this.graph.setTheme(theme);
  }

  focusSearch(): void {
    this.field.focus();
  }

  setSearch(text: string): void {
    this.field.value = text;
    this.search(text);
    this.remember();
  }

  /** A selection made in another view: its heaviest frame stands for the function. */
  selectFunction(func: number): void {
    if (this.model === undefined || this.model.tree.func[this.selected] === func) return;
    this.selected = heaviestNode(this.model.tree, func);
    this.graph.select(func, this.selected);
    this.describeSelection();
  }

  /** Zooms out, or else to the selection's caller, when the selected frame cannot be seen. */
  revealSelection(): void {
    if (this.model === undefined || this.selected < 0 || this.graph.isVisible(this.selected)) return;
    this.zoom(this.root);
    if (!this.graph.isVisible(this.selected)) this.zoom(this.model.tree.parent[this.selected] ?? this.root);
  }

  zoom(node: number): void {
    this.zoomed = node;
    this.graph.zoomTo(node);
    this.drawPath();
    this.remember();
  }

  get root(): number {
    return this.model?.tree.root ?? 0;
  }

  private selectNode(node: number): void {
    if (this.model === undefined) return;
    this.selected = node;
    const func = this.model.tree.func[node] ?? -1;
    this.graph.select(func, node);
    this.describeSelection();
    this.actions.selectFunction(func);
  }

  private search(text: string): void {
    this.text = text;
    const { model } = this;
    if (model === undefined) return;
    const query = parseQuery(text);
    this.clear.disabled = query.kind === 'none';
    if (query.kind !== 'match') {
      this.graph.setFound(undefined);
      const all = `${plural(model.profile.functions.length, 'function')} in ${plural(model.tree.children.length, 'frame')}`;
      setText(this.status, query.kind === 'invalid' ? query.reason : all);
      return;
    }
    const { mask, functions } = matchFunctions(
      model.profile.functions.length,
      (func) => model.rawName(func),
      query.matches,
    );
    const { frames, weight } = weighMatches(model.tree, mask);
    this.graph.setFound(mask);
    setText(
      this.status,
      functions === 0
        ? 'No function found'
        : `${plural(functions, 'function')} in ${plural(frames, 'frame')}, ${percent(model.share(weight))} of all samples`,
    );
  }

  private drawPath(): void {
    const { model } = this;
    if (model === undefined) return;
    drawBreadcrumb(
      this.path,
      [model.tree.root, ...pathTo(model.tree, this.zoomed)],
      (node) => model.nodeName(node),
      (node) => {
        this.zoom(node);
        this.graph.focus();
      },
    );
  }

  private drawLegend(model: Model): void {
    const { categories, functions } = model.profile;
    const drawn = new Set(functions.category);
    this.legend.replaceChildren(
      ...categories.flatMap((_, index) =>
        drawn.has(index) ? [el('li', {}, swatch(index, categories.length), model.categoryName(index))] : [],
      ),
    );
  }

  private describeSelection(): void {
    const { model } = this;
    if (model === undefined || this.selected < 0) {
      this.sourceButton.disabled = true;
      this.detailText.replaceChildren(
        el('span', { class: 'hint' }, model?.totalWeight === 0 ? noSamples : help),
      );
      return;
    }
    const description = describeFrame(model, this.selected, undefined);
    const name = el(
      'strong',
      { class: 'details-name', title: description.name },
      el('span', {}, description.name),
    );
    if (description.category >= 0)
      name.prepend(swatch(description.category, model.profile.categories.length));
    const list = el('dl', { class: 'facts' });
    for (const fact of description.facts) {
      list.append(el('div', {}, el('dt', {}, fact.label), el('dd', {}, fact.value)));
    }
    this.detailText.replaceChildren(name, list);
    this.sourceButton.disabled = description.place === undefined;
  }

  private openSource(node: number): void {
    this.actions.openSource(this.model?.hottestPlace(node));
  }

  private remember(): void {
    const { model } = this;
    if (model === undefined) return;
    const zoomPath = pathTo(model.tree, this.zoomed).map((node) =>
      model.rawName(model.tree.func[node] ?? -1),
    );
    this.changed({ search: this.text, zoomPath });
  }
}
