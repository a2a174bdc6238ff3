/** Composition of the panel: messages in, views, messages out, and the state that outlives a reload. */
import { forgetNonce } from './nonce.js';
import type { HostMessage, PanelProfile, PanelState, PanelTab } from '../src/protocol.js';
import type { Actions } from './actions.js';
import { CategoriesView } from './categories/categoriesView.js';
import { el } from './dom.js';
import { exactQuery } from './flame/search.js';
import { FlameView } from './flame/flameView.js';
import { FunctionsView } from './functions/functionsView.js';
import { drawHeader } from './header.js';
import { Host } from './host.js';
import { Model } from './model.js';
import { publishCategoryColours, readTheme, watchTheme } from './theme.js';
import { registerToolkit, toolkitButton, toolkitPanels } from './toolkit.js';

const host = new Host();
let state: PanelState = host.restore();
let model: Model | undefined;

function update(change: Partial<PanelState>): void {
  state = { ...state, ...change };
  host.save(state);
}

const actions: Actions = {
  openSource(place) {
    if (place !== undefined) host.post({ type: 'openSource', file: place.file, line: place.line });
  },
  selectFunction(func) {
    for (const view of [flame, categories, functions]) view.selectFunction(func);
  },
  showInFlameGraph(func) {
    if (model === undefined) return;
    flame.zoom(flame.root);
    flame.setSearch(exactQuery(model.rawName(func)));
    actions.selectFunction(func);
    showTab('flame');
  },
};

registerToolkit();
forgetNonce();
const flame = new FlameView(actions, update);
const categories = new CategoriesView(actions);
const functions = new FunctionsView(actions);
const header = el('header', { class: 'run' });
const panels = toolkitPanels<PanelTab>(
  'Profile',
  [
    { id: 'flame', label: 'Flame graph', view: flame.element },
    { id: 'categories', label: 'Categories', view: categories.element },
    { id: 'functions', label: 'Functions', view: functions.element },
  ],
  (tab) => {
    update({ tab });
  },
);
const emptyText = el('p', { role: 'status' });
const empty = el(
  'div',
  { class: 'empty' },
  emptyText,
  toolkitButton('Profile a preset', 'primary', () => {
    host.post({ type: 'profilePreset' });
  }),
);
const filled = el('div', { class: 'filled' }, header, panels.element);

function showTab(tab: PanelTab): void {
  panels.show(tab);
  update({ tab });
}

function showEmpty(text: string): void {
  emptyText.textContent = text;
  empty.hidden = false;
  filled.hidden = true;
}

function showProfile(profile: PanelProfile): void {
  model = new Model(profile);
  empty.hidden = true;
  filled.hidden = false;
  drawHeader(header, profile);
  applyTheme();
  flame.show(model, state);
  categories.show(model);
  functions.show(model);
  panels.show(state.tab);
  update({ runId: profile.runId });
}

function applyTheme(): void {
  const theme = readTheme(model?.profile.categories.length ?? 0);
  publishCategoryColours(theme, app);
  flame.setTheme(theme);
  categories.setTheme(theme);
}

function receive(message: HostMessage): void {
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
      actions.selectFunction(message.func);
      flame.revealSelection();
      break;
  }
}

/** A profile that cannot be shown is said in the panel and to the host; the panel stays usable for the next one. */
function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  host.post({ type: 'failed', text: error instanceof Error ? (error.stack ?? text) : text });
  showEmpty(`This profile cannot be shown: ${text}`);
}

const app = document.getElementById('app') ?? document.body;
app.append(filled, empty);
// Until the host has spoken there is nothing true to say.
filled.hidden = true;
empty.hidden = true;
window.addEventListener('error', (event) => {
  host.post({ type: 'failed', text: event.message });
});
window.addEventListener('keydown', (event) => {
  if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (state.tab === 'functions') functions.focusFilter();
  else {
    showTab('flame');
    flame.focusSearch();
  }
});
watchTheme(applyTheme);
host.listen((message) => {
  try {
    receive(message);
  } catch (error) {
    fail(error);
  }
});
host.post({ type: 'ready' });
