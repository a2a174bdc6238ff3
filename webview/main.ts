/** Composition of the panel: messages in, tabs, messages out, and the state that outlives a reload. */
import { forgetNonce } from './shell/nonce.js';
import type { HostMessage, SentProfile } from '../src/wire/protocol.js';
import type { Actions } from './tabs/actions.js';
import { CategoriesView } from './tabs/categories/categoriesView.js';
import { CompareView } from './tabs/compare/compareView.js';
import { el, setText } from './ui/dom.js';
import { exportButton } from './shell/exportMenu.js';
import { FlameView } from './tabs/flame/flameView.js';
import { FunctionsView } from './tabs/functions/functionsView.js';
import { drawHeader } from './shell/header.js';
import { Host } from './shell/host.js';
import { PanelModel } from './store/panelModel.js';
import { readState } from './store/panelState.js';
import { openTabs, registerTab, type OpenTab, type TabContext } from './tabs/tab.js';
import { publishCategoryColours, readTheme, watchTheme, type Theme } from './ui/theme.js';
import { WhatIfView } from './tabs/whatif/whatIfView.js';
import { registerToolkit, toolkitButton, toolkitPanels } from './ui/toolkit.js';

const host = new Host();
// Before anything is built: the profile is on its way meanwhile, and comes when this script has ended.
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
  copy(text, what) {
    host.post({ type: 'copy', text });
    actions.announce(`Copied ${what}`);
  },
  announce(text) {
    // The same text again would be no change, and not be read.
    setText(live, live.textContent === text ? `${text}\u00a0` : text);
  },
  post(message) {
    host.post(message);
  },
};

registerToolkit();
forgetNonce();
const live = el('div', { class: 'live', role: 'status', 'aria-live': 'polite' });
const context: TabContext = { model, actions };
const flame = new FlameView(context);
registerTab({ id: 'flame', title: 'Flame graph', create: () => flame });
registerTab({ id: 'categories', title: 'Categories', create: (c) => new CategoriesView(c) });
registerTab({ id: 'functions', title: 'Functions', create: (c) => new FunctionsView(c) });
registerTab({ id: 'compare', title: 'Compare', create: (c) => new CompareView(c) });
registerTab({ id: 'whatif', title: 'What if', create: (c) => new WhatIfView(c) });
const tabs = openTabs(context);

const header = el('header', { class: 'run' });
const panels = toolkitPanels('Profile', tabs, (tab) => {
  model.update({ tab });
});
const emptyText = el('p', { role: 'status' });
const profileButton = toolkitButton('Profile a preset', 'primary', () => {
  host.post({ type: 'profilePreset' });
});
const empty = el('div', { class: 'empty' }, emptyText, profileButton);
const filled = el(
  'div',
  { class: 'filled' },
  el(
    'div',
    { class: 'run-row' },
    header,
    exportButton(actions, () => {
      showTab('flame');
    }),
  ),
  panels.element,
);
let theme: Theme | undefined;
let drawing = false;
/** Most profiles are there before this; a large one takes seconds to get here. In milliseconds. */
const patience = 400;

/** Only the tab in front is drawn, once for any number of changes made in a row. */
function render(): void {
  if (drawing || !model.hasProfile || filled.hidden) return;
  drawing = true;
  try {
    theme ??= applyTheme();
    activeTab().view.render(theme);
  } catch (error) {
    fail(error);
  } finally {
    drawing = false;
  }
}

function activeTab(): OpenTab {
  return tabs.find(({ id }) => id === model.state.tab) ?? (tabs[0] as OpenTab);
}

function showTab(tab: string): void {
  if (!tabs.some(({ id }) => id === tab)) return;
  panels.show(tab);
  model.update({ tab });
}

/** @param offer whether profiling a preset is what to do about it */
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
  // First, so that the view has a size when it is drawn and scrolled.
  panels.show(activeTab().id);
  model.show(profile);
}

function applyTheme(): Theme {
  const { categories = [], categoryColours } = model.hasProfile ? model.profile : {};
  const read = readTheme(categories.length, categoryColours);
  publishCategoryColours(read, app);
  return read;
}

function receive(message: HostMessage): void {
  window.clearTimeout(waiting);
  switch (message.type) {
    case 'profile':
      showProfile(message.profile);
      break;
    case 'empty':
      showEmpty(message.text);
      break;
    case 'showTab':
      showTab(message.tab);
      break;
    case 'selectFunction':
      model.select(message.func);
      if (activeTab().view === flame) flame.revealSelection();
      break;
    default:
      for (const tab of tabs) tab.receive(message);
  }
}

/** A profile that cannot be shown is said in the panel and to the host; the panel stays usable for the next one. */
function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  host.post({ type: 'failed', text: error instanceof Error ? (error.stack ?? text) : text });
  showEmpty(`This profile cannot be shown: ${text}`);
}

const app = document.getElementById('app') ?? document.body;
app.append(filled, empty, live);
// Until the host has spoken there is nothing true to say, but that it has not.
filled.hidden = true;
empty.hidden = true;
const waiting = window.setTimeout(() => {
  showEmpty('The profile is on its way…', false);
}, patience);
model.onChange((change) => {
  if (change === 'profile' || change === 'shown') drawHeader(header, model.profile, model.event);
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
