/** Composes the panel: messages in, tabs, messages out, and the state that survives a reload. */
import { forgetNonce } from './shell/nonce.js';
import type { HostMessage, SentProfile } from '../src/wire/protocol.js';
import type { Actions } from './tabs/actions.js';
import { CallTreeView } from './tabs/calltree/callTreeView.js';
import { CategoriesView } from './tabs/categories/categoriesView.js';
import { CompareView } from './tabs/compare/compareView.js';
import { el, setText } from './ui/dom.js';
import { exportButton } from './shell/exportMenu.js';
import { acceptHotspots } from './shell/hotspotDrop.js';
import { FlameView } from './tabs/flame/flameView.js';
import { FunctionsView } from './tabs/functions/functionsView.js';
import { drawHeader } from './shell/header.js';
import { drawNotes } from './shell/notes.js';
import { Choices } from './shell/choices.js';
import { Told } from './shell/told.js';
import { Host } from './shell/host.js';
import { PanelModel } from './store/panelModel.js';
import { readState } from './store/savedState.js';
import type { TabContext } from './tabs/tab.js';
import { OpenTab } from './shell/openTab.js';
import { cannotShow, texts } from './shell/texts.js';
import { regionalLanguage, useLanguage } from '../src/text/language.js';
import { publishCategoryColors, publishMutedColor, readTheme, watchTheme, type Theme } from './ui/theme.js';
import { WhatIfView } from './tabs/whatif/whatIfView.js';
import { registerToolkit, toolkitButton, toolkitPanels } from './ui/toolkit.js';

const host = new Host();
const choices = new Choices(host);
const told = new Told(host);
// Before anything is built: the host sends the profile meanwhile, and it arrives when this script has ended.
host.post({ type: 'ready' });
const model = new PanelModel(readState(host.saved), (state) => {
  host.save(state);
});

const actions: Actions = {
  openSource(func, place) {
    host.post({ type: 'openSource', runId: model.profile.runId, func, ...(place ? { place } : {}) });
  },
  selectFunction(func, path = []) {
    model.select(func, path);
    if (func >= 0) host.post({ type: 'selected', runId: model.profile.runId, func });
  },
  showInFlameGraph(func) {
    flame.showFunction(func);
    actions.selectFunction(func);
    showTab('flame');
  },
  copy(text, done) {
    host.post({ type: 'copy', text });
    actions.announce(done);
  },
  announce(text) {
    // The same text again would be no change, and screen readers would not announce it.
    setText(live, live.textContent === text ? `${text}\u00a0` : text);
  },
  post(message) {
    host.post(message);
  },
};

useLanguage(regionalLanguage(document.documentElement.lang || 'en-US', navigator.languages));
registerToolkit();
forgetNonce();
const live = el('div', { class: 'live', role: 'status', 'aria-live': 'polite' });
const context: TabContext = { model, actions };
const flame = new FlameView(context);
/** In display order. A new tab is added here and touches no other. */
const tabs = [
  new OpenTab('flame', texts.tabs.flame, model, () => flame),
  new OpenTab('categories', texts.tabs.categories, model, () => new CategoriesView(context)),
  new OpenTab('functions', texts.tabs.functions, model, () => new FunctionsView(context)),
  new OpenTab('calltree', texts.tabs.calltree, model, () => new CallTreeView(context)),
  new OpenTab('compare', texts.tabs.compare, model, () => new CompareView(context)),
  new OpenTab('whatif', texts.tabs.whatif, model, () => new WhatIfView(context)),
] as const;

const header = el('header', { class: 'run' });
const notes = el('div', { class: 'notes' });
const exporting = exportButton(actions, () => {
  showTab('flame');
});
const panels = toolkitPanels(
  texts.panels,
  tabs,
  el('div', { class: 'run-row' }, header, exporting),
  (tab) => {
    model.update({ tab });
  },
);
const emptyText = el('p', { role: 'status' });
const profileButton = toolkitButton(texts.profilePreset, 'primary', () => {
  host.post({ type: 'profilePreset' });
});
const empty = el('div', { class: 'empty' }, emptyText, profileButton);
const filled = el('div', { class: 'filled' }, notes, panels.element);
let theme: Theme | undefined;
let drawing = false;
/** Most profiles arrive sooner; a large one takes seconds. In milliseconds. */
const patience = 400;

/** Draws only the tab in front; changes made while drawing do not draw again. */
function render(): void {
  if (drawing || !model.hasProfile || filled.hidden || !canDraw()) return;
  drawing = true;
  try {
    theme ??= applyTheme();
    activeTab().render(theme);
  } catch (error) {
    fail(error);
  } finally {
    drawing = false;
  }
}

/** Until the samples have followed, only the flame graph of all of them can be drawn; what was drawn stays. */
function canDraw(): boolean {
  if (model.data.hasSamples) return true;
  const ofTree = model.state.view === 'aggregated' || model.state.view === 'inverted';
  return activeTab().id === 'flame' && ofTree && model.shown.countsAll;
}

function activeTab(): OpenTab {
  return tabs.find(({ id }) => id === model.state.tab) ?? tabs[0];
}

function showTab(tab: string): void {
  if (!tabs.some(({ id }) => id === tab)) return;
  panels.show(tab);
  model.update({ tab });
}

/** @param offer whether to offer profiling a preset */
function showEmpty(text: string, offer = true): void {
  emptyText.textContent = text;
  profileButton.hidden = !offer;
  empty.hidden = false;
  filled.hidden = true;
}

function showProfile(profile: SentProfile): void {
  empty.hidden = true;
  filled.hidden = false;
  theme = undefined;
  // First, so that the view has a size before it is drawn and scrolled.
  panels.show(activeTab().id);
  model.show(profile);
  if (profile.samplesFollow) {
    // Once the page is idle, so after the first frame.
    const want = (): void => {
      host.post({ type: 'samplesWanted', runId: profile.runId });
    };
    requestIdleCallback(want, { timeout: patience });
  }
}

function applyTheme(): Theme {
  const { categories = [], categoryColors, category } = model.hasProfile ? model.profile : {};
  const present = new Set(category);
  const read = readTheme(categories.length, categoryColors, (index) => present.has(index));
  publishCategoryColors(read, app);
  publishMutedColor();
  return read;
}

function receive(message: HostMessage): void {
  window.clearTimeout(waiting);
  switch (message.type) {
    case 'profile':
      showProfile(message.profile);
      break;
    case 'samples':
      if (model.hasProfile && model.profile.runId === message.runId) model.complete(message.columns);
      break;
    case 'empty':
      showEmpty(message.text, message.offerProfiling);
      break;
    case 'showTab':
      showTab(message.tab);
      break;
    case 'selectFunction':
      model.select(message.func);
      if (activeTab().view === flame) flame.revealSelection();
      break;
    case 'clearChoice':
      if (model.hasProfile && choices.isRestricted(model))
        model.filter({ event: '', threads: [], time: null, categories: [], modules: [] });
      break;
    case 'comparison':
      model.compare(message.runs);
      break;
  }
}

/** A profile that can't be shown is reported in the panel and to the host; the panel stays usable for the next one. */
function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  host.post({ type: 'failed', text: error instanceof Error ? (error.stack ?? text) : text });
  showEmpty(cannotShow(text));
}

const app = document.getElementById('app') ?? document.body;
app.append(filled, empty, live);
acceptHotspots(app, () => {
  host.post({ type: 'hotspotDropped' });
});
// Until the host has spoken, nothing is known to show.
filled.hidden = true;
empty.hidden = true;
const waiting = window.setTimeout(() => {
  showEmpty(texts.loading, false);
}, patience);
model.onChange((change) => {
  if (change === 'profile') drawNotes(notes, model.profile, actions);
  if (change === 'profile' || change === 'shown') choices.tell(model);
  told.tell(model);
  if ((change === 'profile' || change === 'shown') && canDraw())
    drawHeader(header, model.profile, model.shown.event);
  render();
});
window.addEventListener('error', (event) => {
  host.post({ type: 'failed', text: event.message });
});
window.addEventListener('keydown', (event) => {
  if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (activeTab().view.focusSearch === undefined) showTab('flame');
  activeTab().view.focusSearch?.();
});
watchTheme(() => {
  theme = applyTheme();
  render();
});
host.listen((message) => {
  try {
    receive(message);
  } catch (error) {
    fail(error);
  }
});
