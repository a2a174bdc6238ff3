/** Reads the state that an earlier panel saved: nothing in it is trusted. */
import {
  groupKinds,
  initialState,
  type FunctionName,
  type PanelState,
  type SubtreeName,
} from './panelState.js';

type Saved = Readonly<Record<string, unknown>>;

/** Takes over what is valid, also from earlier versions of the panel. */
export function readState(value: unknown): PanelState {
  const saved = record(value);
  const filters = record(saved['filters']);
  const zoom = record(saved['zoom']);
  const time = record(filters['time']);
  const [from, to] = [readNumber(zoom['from'], 0), readNumber(zoom['to'], 1)];
  const base = initialState;
  return {
    runId: readText(saved['runId']),
    tab: readText(saved['tab']) || base.tab,
    view: oneOf(saved['view'], ['aggregated', 'time', 'inverted', 'sandwich'], base.view),
    orientation: oneOf(saved['orientation'], ['icicle', 'flame'], base.orientation),
    colors: oneOf(saved['colors'], ['auto', ...groupKinds], base.colors),
    fullNames: saved['fullNames'] === true,
    separateThreads: saved['separateThreads'] !== false,
    timeline: oneOf(saved['timeline'], ['auto', 'shown', 'hidden'], base.timeline),
    search: readText(saved['search']),
    filters: {
      event: readText(filters['event']),
      threads: readTexts(filters['threads']),
      time:
        typeof time['from'] === 'number' && typeof time['to'] === 'number'
          ? { from: time['from'], to: time['to'] }
          : null,
      categories: readTexts(filters['categories']),
      modules: readTexts(filters['modules']),
      hiddenModules: readTexts(filters['hiddenModules']),
      collapseRecursion: filters['collapseRecursion'] === true,
      focus: readFunctionName(filters['focus']),
      dropped: readFunctionNames(filters['dropped']),
      merged: readFunctionNames(filters['merged']),
      subtree: readSubtree(filters['subtree']),
    },
    zoom: {
      path: readTexts(zoom['path']),
      ...(from >= 0 && to <= 1 && from < to ? { from, to } : { from: 0, to: 1 }),
    },
    selected: readFunctionName(saved['selected']),
    selectedPath: readTexts(saved['selectedPath']),
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

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function readTexts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === 'string');
}

export function readNumber(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((item) => item === value) ?? fallback;
}

function readFunctionName(value: unknown): FunctionName | null {
  const { name, module } = record(value);
  return typeof name === 'string' ? { name, module: readText(module) } : null;
}

function readFunctionNames(value: unknown): FunctionName[] {
  return list(value).flatMap((item) => readFunctionName(item) ?? []);
}

function readSubtree(value: unknown): SubtreeName | null {
  const { path, inverted } = record(value);
  const names = readFunctionNames(path);
  return names.length > 0 ? { path: names, inverted: inverted === true } : null;
}
