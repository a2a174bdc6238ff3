/** The controls beside the search: view, colors, and a box with filters and options. */
import { printable } from '../../../src/text/printable.js';
import { eventName } from '../../../src/text/eventTexts.js';
import { colorKind } from '../../graph/colors.js';
import type { PanelModel } from '../../store/panelModel.js';
import { groupKinds, type FlameKind, type PanelState } from '../../store/panelState.js';
import { baseName } from '../../text/places.js';
import { timeIsKnown, timelineIsShown } from '../../timeline/timeParts.js';
import { labeledChoice } from '../../ui/choice.js';
import { el } from '../../ui/dom.js';
import { popover } from '../../ui/popover.js';
import { toolkitCheckbox, toolkitDropdown } from '../../ui/toolkit.js';
import { automaticColor, colorLabels, texts, viewLabels } from './texts.js';
import { threadChoices } from './threadChoices.js';

export const viewKinds: readonly FlameKind[] = ['aggregated', 'time', 'inverted', 'sandwich'];

/** More modules would not be usable in a list; a frame's menu offers every module. */
const maxModules = 200;

interface ControlActions {
  filterToRange(): void;
  help(): void;
  step(by: 1 | -1): void;
}

export class FlameControls {
  readonly element: HTMLElement;
  private readonly view = toolkitDropdown<FlameKind>(texts.view, (view) => {
    this.model.update({ view });
  });
  private readonly color = toolkitDropdown<PanelState['colors']>(texts.color, (colors) => {
    this.model.update({ colors });
  });
  private readonly event = toolkitDropdown(texts.event, (event) => {
    this.model.filter({ event });
  });
  private readonly thread = labeledChoice(texts.thread, (thread) => {
    this.model.filter({ threads: thread === 'all' ? [] : [thread] });
  });
  private readonly category = labeledChoice(texts.category, (category) => {
    this.model.filter({ categories: category === 'all' ? [] : [category] });
  });
  private readonly module = labeledChoice(texts.module, (module) => {
    this.model.filter({ modules: module === 'all' ? [] : [module] });
  });
  private readonly flipped = toolkitCheckbox(texts.flame, (checked) => {
    this.model.update({ orientation: checked ? 'flame' : 'icicle' });
  });
  private readonly full = toolkitCheckbox(texts.fullNames, (checked) => {
    this.model.update({ fullNames: checked });
  });
  private readonly separate = toolkitCheckbox(texts.rowPerThread, (checked) => {
    this.model.update({ separateThreads: checked });
  });
  private readonly timeline = toolkitCheckbox(texts.timeline, (checked) => {
    this.model.update({ timeline: checked ? 'shown' : 'hidden' });
  });
  private readonly range: HTMLElement;

  constructor(
    private readonly model: PanelModel,
    act: ControlActions,
  ) {
    this.range = tool(texts.onlyThisTime, texts.onlyThisTimeTitle, () => {
      act.filterToRange();
    });
    const options = popover(
      texts.options,
      texts.optionsTitle,
      this.thread.element,
      this.category.element,
      this.module.element,
      this.flipped.element,
      this.full.element,
      this.timeline.element,
      this.separate.element,
      tool(texts.keysButton, texts.keys, () => {
        options.box.hidePopover();
        act.help();
      }),
    );
    options.box.classList.add('options');
    const step = (label: string, title: string, by: 1 | -1): HTMLElement =>
      tool(label, title, () => {
        act.step(by);
      });
    this.element = el(
      'div',
      { class: 'flame-controls', role: 'toolbar', 'aria-label': texts.toolbar },
      el('span', { class: 'pair' }, step('←', texts.back, -1), step('→', texts.forward, 1)),
      this.view.element,
      this.color.element,
      this.event.element,
      this.range,
      options.button,
      options.box,
    );
  }

  update(): void {
    const { model } = this;
    const { state, profile } = model;
    const { filters } = state;
    this.view.show(
      viewKinds.map((value) => ({ value, label: viewLabels[value] })),
      state.view,
    );
    const automatic = state.colors === 'auto' ? automaticColor(colorKind(model)) : texts.automatic;
    this.color.show(
      [
        { value: 'auto', label: automatic },
        ...groupKinds.map((value) => ({ value, label: colorLabels[value] })),
      ],
      state.colors,
    );
    const events = profile.events.map(({ name }) => ({ value: name, label: printable(eventName(name)) }));
    this.event.show(events, profile.events[model.shown.event]?.name ?? '');
    this.event.element.hidden = events.length < 2;
    const threads = threadChoices(model);
    this.thread.show([{ value: 'all', label: texts.allThreads }, ...threads], filters.threads[0] ?? 'all');
    this.thread.element.hidden = threads.length < 2;
    const categories = this.categoryNames(filters.categories);
    this.category.show(
      [
        { value: 'all', label: texts.allCategories },
        ...categories.map((name) => ({ value: name, label: name })),
      ],
      filters.categories[0] ?? 'all',
    );
    const modules = this.moduleNames().map((name) => ({ value: name, label: baseName(name) }));
    this.module.show([{ value: 'all', label: texts.allModules }, ...modules], filters.modules[0] ?? 'all');
    this.module.element.hidden = modules.length < 2;
    this.flipped.show(state.orientation === 'flame');
    this.full.show(state.fullNames);
    this.separate.show(state.separateThreads);
    this.separate.element.hidden = state.view !== 'time' || threads.length < 2;
    const timed = timeIsKnown(model);
    this.range.hidden = state.view !== 'time' || !timed;
    this.timeline.element.hidden = !timed;
    this.timeline.show(timelineIsShown(model));
  }

  /** Of functions of this profile: there are rules for many libraries. The chosen one stays. */
  private categoryNames(chosen: readonly string[]): string[] {
    const { data, profile } = this.model;
    const used = new Set(profile.category);
    return profile.categories
      .map((_, i) => data.categoryName(i))
      .filter((name, i) => used.has(i) || chosen.includes(name));
  }

  private moduleNames(): string[] {
    const { module } = this.model.profile.functions;
    const indices = [...new Set(module)].filter((index) => index >= 0).slice(0, maxModules);
    return indices.map((index) => printable(this.model.data.strings.at(index))).sort();
  }
}

function tool(label: string, title: string, act: () => void): HTMLElement {
  const button = el('button', { type: 'button', class: 'tool', title }, label);
  if (!title.startsWith(label)) button.setAttribute('aria-label', title);
  button.addEventListener('click', act);
  return button;
}
