/**
 * Every name that package.json contributes, once: commands with the types of their arguments, settings with
 * their types and defaults, context keys, views and colors. A unit test holds this table and package.json
 * together. Imports nothing of vscode, so that the test needs no editor.
 */
import type { Category } from '../../core/lab/labFile.js';
import type { CallGraph, RecordableEvent, Scope } from '../../core/perf/options.js';

/** A preset, named so that it survives a reload of its lab and a trip through a command link. */
export interface PresetRef {
  readonly labFile: string;
  readonly preset: string;
}

/** A saved run of a lab. */
export interface RunRef {
  readonly labFile: string;
  readonly runId: string;
}

/** A function of the shown profile, by its index in the profile's table. */
export interface FunctionRef {
  readonly runId: string;
  readonly func: number;
}

export const commandIds = {
  runPreset: 'hakmemLab.runPreset',
  profilePreset: 'hakmemLab.profilePreset',
  profileAgain: 'hakmemLab.profileAgain',
  countInstructions: 'hakmemLab.countInstructions',
  recordProgram: 'hakmemLab.recordProgram',
  attachProcess: 'hakmemLab.attachProcess',
  openProfile: 'hakmemLab.openProfile',
  stopRecording: 'hakmemLab.stopRecording',
  cancelRun: 'hakmemLab.cancelRun',
  editPreset: 'hakmemLab.editPreset',
  openLabFile: 'hakmemLab.openLabFile',
  openRun: 'hakmemLab.openRun',
  deleteRun: 'hakmemLab.deleteRun',
  compareWith: 'hakmemLab.compareWith',
  setBaseline: 'hakmemLab.setBaseline',
  clearComparison: 'hakmemLab.clearComparison',
  exportProfile: 'hakmemLab.exportProfile',
  showPanel: 'hakmemLab.showPanel',
  goToHottest: 'hakmemLab.goToHottest',
  revealInFlameGraph: 'hakmemLab.revealInFlameGraph',
  toggleAnnotations: 'hakmemLab.toggleAnnotations',
  clearAnnotations: 'hakmemLab.clearAnnotations',
  refresh: 'hakmemLab.refresh',
  showOutput: 'hakmemLab.showOutput',
  doctor: 'hakmemLab.doctor',
  openSampleAllocator: 'hakmemLab.openSampleAllocator',
} as const;

/** What each command may be called with; the palette calls without arguments. */
export interface CommandArguments {
  'hakmemLab.runPreset': [preset?: PresetRef];
  'hakmemLab.profilePreset': [preset?: PresetRef];
  'hakmemLab.profileAgain': [];
  'hakmemLab.countInstructions': [preset?: PresetRef];
  'hakmemLab.recordProgram': [];
  'hakmemLab.attachProcess': [];
  /** A file of the Explorer. */
  'hakmemLab.openProfile': [file?: { readonly fsPath: string; readonly scheme: string }];
  'hakmemLab.stopRecording': [];
  'hakmemLab.cancelRun': [];
  'hakmemLab.editPreset': [preset?: PresetRef];
  'hakmemLab.openLabFile': [lab?: { readonly labFile: string }];
  'hakmemLab.openRun': [run: RunRef];
  'hakmemLab.deleteRun': [run: RunRef];
  'hakmemLab.compareWith': [run?: RunRef];
  'hakmemLab.setBaseline': [run?: RunRef];
  'hakmemLab.clearComparison': [];
  'hakmemLab.exportProfile': [];
  /** With a tab to bring to the front. */
  'hakmemLab.showPanel': [tab?: string];
  'hakmemLab.goToHottest': [];
  'hakmemLab.revealInFlameGraph': [target?: FunctionRef];
  'hakmemLab.toggleAnnotations': [];
  'hakmemLab.clearAnnotations': [];
  'hakmemLab.refresh': [];
  'hakmemLab.showOutput': [];
  'hakmemLab.doctor': [];
  'hakmemLab.openSampleAllocator': [];
}

export type CommandId = keyof CommandArguments;

/** Each default is repeated in package.json, where the settings editor reads it. */
export interface Setting<T> {
  readonly key: string;
  readonly default: T;
}

const setting = <T>(key: string, value: T): Setting<T> => ({ key: `hakmemLab.${key}`, default: value });

export const settings = {
  labFile: setting('labFile', ''),
  categories: setting<readonly Category[]>('categories', []),
  runRepeats: setting('run.repeats', 10),
  runCompetitors: setting<readonly string[]>('run.rivals', []),
  profileRepeats: setting('profile.repeats', 7),
  profileInlineFrames: setting('profile.inlineFrames', true),
  profileCallGraph: setting<CallGraph>('profile.callGraph', 'fp'),
  profileEvents: setting<readonly RecordableEvent[]>('profile.events', []),
  profileScope: setting<Scope>('profile.scope', 'user'),
  profileFrequency: setting('profile.frequency', 0),
  countSeconds: setting('count.seconds', 4),
  profileShowPanel: setting('profile.showPanel', true),
  panelPosition: setting<'below' | 'beside'>('panel.position', 'below'),
  annotationsEnabled: setting('annotations.enabled', true),
  annotationsMinimumPercent: setting('annotations.minimumPercent', 0.1),
} as const;

export const contextKeys = {
  /** A run or a profile is under way in this window. */
  running: 'hakmemLab.running',
  /** What is under way is a recording of a program or process: it can be ended and kept. */
  recording: 'hakmemLab.recording',
  /** At least one lab with presets was found. */
  hasLab: 'hakmemLab.hasLab',
  /** A profile is shown: annotations and the panel have something to show. */
  hasProfile: 'hakmemLab.hasProfile',
  /** Paths of the open files that the shown profile knows: for the editor's context menu. */
  annotatedFiles: 'hakmemLab.annotatedFiles',
  /** Labs were looked for; before that, an empty tree means nothing. */
  searched: 'hakmemLab.searched',
} as const;

export const viewIds = { container: 'hakmemLab', presets: 'hakmemLab.presets' } as const;

/** The type of the panel's webview, by which VS Code restores it after a reload. */
export const panelViewType = 'hakmemLab.panel';

/** Steps of heat, from barely warm to the hottest line. */
export const heatSteps = 5;

const steps = <T extends string>(prefix: T) =>
  Array.from({ length: heatSteps }, (_, i) => `hakmemLab.${prefix}${i + 1}`);

export const colorIds = {
  annotation: 'hakmemLab.annotationForeground',
  /** Backgrounds of hot lines, translucent. Index 0 is the coolest. */
  heat: steps('heatBackground'),
  /** Their marks in the overview ruler, opaque. */
  ruler: steps('heatRuler'),
};
