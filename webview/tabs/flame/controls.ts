/** The second toolbar: view, colors, filters and options. */
import type { FlameKind, PanelState } from '../../store/panelState.js';
import { el } from '../../ui/dom.js';
import { baseName } from '../../text/places.js';
import { printable } from '../../../src/text/printable.js';
import type { PanelModel } from '../../store/panelModel.js';
import { timeIsKnown, timelineIsShown } from '../../timeline/timeParts.js';
import { toolkitButton, toolkitCheckbox, toolkitDropdown } from '../../ui/toolkit.js';
import { texts, viewLabels } from './texts.js';

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
  private readonly event = toolkitDropdown(texts.event, (event) => {
    this.model.filter({ event });
  });
  private readonly thread = toolkitDropdown(texts.thread, (thread) => {
    this.model.filter({ threads: thread === 'all' ? [] : [thread] });
  });
  private readonly category = toolkitDropdown(texts.category, (category) => {
    this.model.filter({ categories: category === 'all' ? [] : [category] });
  });
  private readonly module = toolkitDropdown(texts.module, (module) => {
    this.model.filter({ modules: module === 'all' ? [] : [module] });
  });
  private readonly color = toolkitDropdown<PanelState['colorBy']>(texts.color, (colorBy) => {
    this.model.update({ colorBy });
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
    this.range = toolkitButton(texts.onlyThisTime, 'secondary', () => {
      act.filterToRange();
    });
    const step = (label: string, title: string, by: 1 | -1): HTMLElement =>
      toolkitButton(
        label,
        'secondary',
        () => {
          act.step(by);
        },
        title,
      );
    this.element = el(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': texts.toolbar },
      el('span', { class: 'pair' }, step('←', texts.back, -1), step('→', texts.forward, 1)),
      this.view.element,
      this.color.element,
      this.event.element,
      this.thread.element,
      this.category.element,
      this.module.element,
      this.flipped.element,
      this.full.element,
      this.timeline.element,
      this.separate.element,
      this.range,
      toolkitButton(
        '?',
        'secondary',
        () => {
          act.help();
        },
        texts.keys,
      ),
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
    this.color.show(
      [
        { value: 'category', label: texts.colorByCategory },
        { value: 'module', label: texts.colorByModule },
      ],
      state.colorBy,
    );
    const events = profile.events.map(({ name }) => ({ value: name, label: printable(name) }));
    this.event.show(events, profile.events[model.shown.event]?.name ?? '');
    this.event.element.hidden = events.length < 2;
    const threads = profile.threads.map(({ pid, tid }, i) => ({
      value: `${String(pid)}/${String(tid)}`,
      label: model.data.threadName(i),
    }));
    this.thread.show([{ value: 'all', label: texts.allThreads }, ...threads], filters.threads[0] ?? 'all');
    this.thread.element.hidden = threads.length < 2;
    const categories = profile.categories.map((_, i) => model.data.categoryName(i));
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

  private moduleNames(): string[] {
    const { module } = this.model.profile.functions;
    const indices = [...new Set(module)].filter((index) => index >= 0).slice(0, maxModules);
    return indices.map((index) => printable(this.model.data.strings.at(index))).sort();
  }
}
