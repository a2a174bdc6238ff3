/** The state of the panel as it is at first, and as it is read back from what an earlier panel saved. */
import type { FunctionName, PanelFilters, PanelState } from '../../src/wire/protocol.js';

export const noFilters: PanelFilters = {
  event: '',
  threads: [],
  time: null,
  categories: [],
  modules: [],
  hiddenModules: [],
  collapseRecursion: false,
  focus: null,
  dropped: [],
};

export const initialState: PanelState = {
  runId: '',
  tab: 'flame',
  view: 'aggregated',
  orientation: 'icicle',
  colourBy: 'category',
  fullNames: false,
  separateThreads: true,
  timeline: 'auto',
  search: '',
  filters: noFilters,
  zoom: { path: [], from: 0, to: 1 },
  selected: null,
  selectedPath: [],
  scroll: {},
  tabs: {},
};

type Saved = Readonly<Record<string, unknown>>;

/** What an earlier version of the panel saved is taken over as far as it is understood. */
export function readState(value: unknown): PanelState {
  const saved = record(value);
  const filters = record(saved['filters']);
  const zoom = record(saved['zoom']);
  const time = record(filters['time']);
  const [from, to] = [number(zoom['from'], 0), number(zoom['to'], 1)];
  const base = initialState;
  return {
    runId: text(saved['runId']),
    tab: text(saved['tab']) || base.tab,
    view: oneOf(saved['view'], ['aggregated', 'time', 'inverted', 'sandwich'], base.view),
    orientation: oneOf(saved['orientation'], ['icicle', 'flame'], base.orientation),
    colourBy: oneOf(saved['colourBy'], ['category', 'module'], base.colourBy),
    fullNames: saved['fullNames'] === true,
    separateThreads: saved['separateThreads'] !== false,
    timeline: oneOf(saved['timeline'], ['auto', 'shown', 'hidden'], base.timeline),
    search: text(saved['search']),
    filters: {
      event: text(filters['event']),
      threads: texts(filters['threads']),
      time:
        typeof time['from'] === 'number' && typeof time['to'] === 'number'
          ? { from: time['from'], to: time['to'] }
          : null,
      categories: texts(filters['categories']),
      modules: texts(filters['modules']),
      hiddenModules: texts(filters['hiddenModules']),
      collapseRecursion: filters['collapseRecursion'] === true,
      focus: functionName(filters['focus']),
      dropped: list(filters['dropped']).flatMap((item) => functionName(item) ?? []),
    },
    zoom: {
      path: texts(zoom['path']),
      ...(from >= 0 && to <= 1 && from < to ? { from, to } : { from: 0, to: 1 }),
    },
    selected: functionName(saved['selected']),
    selectedPath: texts(saved['selectedPath']),
    scroll: Object.fromEntries(
      Object.entries(record(saved['scroll'])).filter(
        (entry): entry is [string, number] => typeof entry[1] === 'number',
      ),
    ),
    tabs: record(saved['tabs']),
  };
}

export function record(value: unknown): Saved {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Saved) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === 'string');
}

export function number(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((item) => item === value) ?? fallback;
}

function functionName(value: unknown): FunctionName | null {
  const { name, module } = record(value);
  return typeof name === 'string' ? { name, module: text(module) } : null;
}
