/**
 * Every name that package.json contributes, once: commands with the types of their arguments, settings with
 * their types and defaults, context keys, views and colors. A unit test holds this table and package.json
 * together. Imports nothing of vscode, so that the test needs no editor.
 */
import type { Category } from '../../core/lab/labFile.js';
import type { Syntax } from '../../core/machineCode/disassembler.js';
import type { KeepPolicy } from '../../model/keepPolicy.js';
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

/** Machine code of a function, at the instructions of a line (as it was profiled) if one is given. */
export interface CodeTarget extends FunctionRef {
  readonly place?: { readonly file: string; readonly line: number } | undefined;
}

/** A test, a benchmark, or the main of a source file, and the arguments by which its program runs it. */
export interface CaseRef {
  readonly file: string;
  readonly name: string;
  readonly args: readonly string[];
}

/** A test of the Testing view, as its menu passes it: made by another extension, so nothing is taken for granted. */
export interface TestItemRef {
  readonly id: string;
  readonly label: string;
  readonly uri?: { readonly fsPath: string; readonly scheme: string } | undefined;
  readonly range?: { readonly start: { readonly line: number } } | undefined;
  readonly children: { readonly size: number };
}

export const commandIds = {
  runPreset: 'hakmemLab.runPreset',
  profilePreset: 'hakmemLab.profilePreset',
  profileAgain: 'hakmemLab.profileAgain',
  countInstructions: 'hakmemLab.countInstructions',
  profileTarget: 'hakmemLab.profileTarget',
  profileLaunch: 'hakmemLab.profileLaunch',
  profileCase: 'hakmemLab.profileCase',
  countCase: 'hakmemLab.countCase',
  profileTest: 'hakmemLab.profileTest',
  recordProgram: 'hakmemLab.recordProgram',
  attachProcess: 'hakmemLab.attachProcess',
  openProfile: 'hakmemLab.openProfile',
  viewProfile: 'hakmemLab.viewProfile',
  importProfile: 'hakmemLab.importProfile',
  stopRecording: 'hakmemLab.stopRecording',
  cancelRun: 'hakmemLab.cancelRun',
  editPreset: 'hakmemLab.editPreset',
  openLabFile: 'hakmemLab.openLabFile',
  openRun: 'hakmemLab.openRun',
  showMoreRuns: 'hakmemLab.showMoreRuns',
  renameRun: 'hakmemLab.renameRun',
  editRunNote: 'hakmemLab.editRunNote',
  editRunTags: 'hakmemLab.editRunTags',
  filterRuns: 'hakmemLab.filterRuns',
  clearRunFilter: 'hakmemLab.clearRunFilter',
  saveAsPreset: 'hakmemLab.saveAsPreset',
  deleteRun: 'hakmemLab.deleteRun',
  compareWith: 'hakmemLab.compareWith',
  setBaseline: 'hakmemLab.setBaseline',
  clearComparison: 'hakmemLab.clearComparison',
  compareSpeed: 'hakmemLab.compareSpeed',
  measureMatrix: 'hakmemLab.measureMatrix',
  runGate: 'hakmemLab.runGate',
  showHistory: 'hakmemLab.showHistory',
  showReport: 'hakmemLab.showReport',
  openExperiment: 'hakmemLab.openExperiment',
  exportProfile: 'hakmemLab.exportProfile',
  showPanel: 'hakmemLab.showPanel',
  goToHottest: 'hakmemLab.goToHottest',
  nextHotspot: 'hakmemLab.nextHotspot',
  previousHotspot: 'hakmemLab.previousHotspot',
  hottestLineOfFunction: 'hakmemLab.hottestLineOfFunction',
  showHottestPath: 'hakmemLab.showHottestPath',
  openHotspot: 'hakmemLab.openHotspot',
  locateSource: 'hakmemLab.locateSource',
  showMoreHotspots: 'hakmemLab.showMoreHotspots',
  groupHotspots: 'hakmemLab.groupHotspots',
  sortHotspots: 'hakmemLab.sortHotspots',
  filterHotspots: 'hakmemLab.filterHotspots',
  clearHotspotFilter: 'hakmemLab.clearHotspotFilter',
  revealInFlameGraph: 'hakmemLab.revealInFlameGraph',
  showWhatIf: 'hakmemLab.showWhatIf',
  showMachineCode: 'hakmemLab.showMachineCode',
  showNextCopy: 'hakmemLab.showNextCopy',
  toggleSyntax: 'hakmemLab.toggleSyntax',
  toggleAnnotations: 'hakmemLab.toggleAnnotations',
  toggleLineCost: 'hakmemLab.toggleLineCost',
  toggleDifference: 'hakmemLab.toggleDifference',
  chooseFigures: 'hakmemLab.chooseFigures',
  showAllSamples: 'hakmemLab.showAllSamples',
  compareWithProfiled: 'hakmemLab.compareWithProfiled',
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
  'hakmemLab.profileTarget': [];
  'hakmemLab.profileLaunch': [];
  'hakmemLab.profileCase': [ref: CaseRef];
  'hakmemLab.countCase': [ref: CaseRef];
  /** An item of the Testing view. */
  'hakmemLab.profileTest': [item: TestItemRef];
  'hakmemLab.recordProgram': [];
  'hakmemLab.attachProcess': [];
  /** A file of the Explorer. */
  'hakmemLab.openProfile': [file?: { readonly fsPath: string; readonly scheme: string }];
  /** The text of the active editor if none is given. */
  'hakmemLab.viewProfile': [file?: { readonly fsPath: string; readonly scheme: string }];
  'hakmemLab.importProfile': [file?: { readonly fsPath: string; readonly scheme: string }];
  'hakmemLab.stopRecording': [];
  'hakmemLab.cancelRun': [];
  'hakmemLab.editPreset': [preset?: PresetRef];
  'hakmemLab.openLabFile': [lab?: { readonly labFile: string }];
  'hakmemLab.openRun': [run?: RunRef];
  'hakmemLab.showMoreRuns': [];
  'hakmemLab.renameRun': [run: RunRef];
  'hakmemLab.editRunNote': [run: RunRef];
  'hakmemLab.editRunTags': [run: RunRef];
  'hakmemLab.filterRuns': [];
  'hakmemLab.clearRunFilter': [];
  /** The shown run if none is given. */
  'hakmemLab.saveAsPreset': [run?: RunRef];
  'hakmemLab.deleteRun': [run: RunRef];
  'hakmemLab.compareWith': [run?: RunRef];
  'hakmemLab.setBaseline': [run?: RunRef];
  'hakmemLab.clearComparison': [];
  'hakmemLab.compareSpeed': [preset?: PresetRef];
  'hakmemLab.measureMatrix': [];
  'hakmemLab.runGate': [];
  'hakmemLab.showHistory': [preset?: PresetRef];
  'hakmemLab.showReport': [];
  'hakmemLab.openExperiment': [];
  /** The shown run if none is given. */
  'hakmemLab.exportProfile': [run?: RunRef];
  /** With a tab to bring to the front. */
  'hakmemLab.showPanel': [tab?: string];
  'hakmemLab.goToHottest': [];
  'hakmemLab.nextHotspot': [];
  'hakmemLab.previousHotspot': [];
  'hakmemLab.hottestLineOfFunction': [];
  /** The function at the cursor if none is given. */
  'hakmemLab.showHottestPath': [target?: FunctionRef];
  'hakmemLab.openHotspot': [target: FunctionRef];
  'hakmemLab.locateSource': [place: { readonly file: string; readonly line: number }];
  /** The level to be continued: the name of a group, empty for the list itself. */
  'hakmemLab.showMoreHotspots': [level: string];
  'hakmemLab.groupHotspots': [];
  'hakmemLab.sortHotspots': [];
  'hakmemLab.filterHotspots': [];
  'hakmemLab.clearHotspotFilter': [];
  'hakmemLab.revealInFlameGraph': [target?: FunctionRef];
  /** The function at the cursor if none is given; so for the machine code. */
  'hakmemLab.showWhatIf': [target?: FunctionRef];
  'hakmemLab.showMachineCode': [target?: CodeTarget];
  'hakmemLab.showNextCopy': [];
  'hakmemLab.toggleSyntax': [];
  'hakmemLab.toggleAnnotations': [];
  'hakmemLab.toggleLineCost': [];
  'hakmemLab.toggleDifference': [];
  'hakmemLab.chooseFigures': [];
  'hakmemLab.showAllSamples': [];
  'hakmemLab.compareWithProfiled': [];
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
  keepRuns: setting<KeepPolicy>('runs.keep', {}),
  importMemoryLimit: setting('import.memoryLimit', 2),
  sourceMap: setting<Readonly<Record<string, string>>>('sources.map', {}),
  symbolFolders: setting<readonly string[]>('symbols.folders', []),
  debuginfod: setting<readonly string[]>('symbols.debuginfod', []),
  compareMargin: setting('compare.margin', 2),
  compareSeconds: setting('compare.seconds', 60),
  matrixSeconds: setting('matrix.seconds', 300),
  codeLens: setting('codeLens.enabled', true),
  profileTerminal: setting('profile.terminal', true),
  profileShowPanel: setting('profile.showPanel', true),
  panelPosition: setting<'below' | 'beside'>('panel.position', 'below'),
  annotationsEnabled: setting('annotations.enabled', true),
  annotationsMinimumPercent: setting('annotations.minimumPercent', 0.1),
  machineCodeSyntax: setting<Syntax>('machineCode.syntax', 'intel'),
  annotationsLineCost: setting<LineCostKind>('annotations.lineCost', 'self'),
  annotationsStyle: setting<AnnotationStyle>('annotations.style', 'endOfLine'),
  annotationsUnit: setting<AnnotationUnit>('annotations.unit', 'percent'),
} as const;

/** Where figures of the source stand: functions above themselves, or no text at all. */
export type AnnotationStyle = 'endOfLine' | 'codeLens' | 'gutter' | 'ruler';

/** What figures of the source are in; percent where a run has no such figure. */
export type AnnotationUnit = 'percent' | 'samples' | 'time' | 'perOperation';

/** A line alone, or with what it calls. */
export type LineCostKind = 'self' | 'total';

export const contextKeys = {
  /** A folder of the window is a project that can be built for profiling. */
  buildable: 'hakmemLab.buildable',
  /** A folder of the window has launch configurations. */
  launchable: 'hakmemLab.launchable',
  /** A run or a profile is under way in this window. */
  running: 'hakmemLab.running',
  /** What is under way is a recording of a program or process: it can be ended and kept. */
  recording: 'hakmemLab.recording',
  /** At least one lab with presets was found. */
  hasLab: 'hakmemLab.hasLab',
  /** A saved run exists. */
  hasRuns: 'hakmemLab.hasRuns',
  /** What the window's folder holds, for its welcome: one of `FolderKind`. */
  folder: 'hakmemLab.folder',
  /** The folder has profiles that other tools wrote. */
  hasProfileFiles: 'hakmemLab.hasProfileFiles',
  /** The text in the active editor is a profile. */
  profileText: 'hakmemLab.profileText',
  /** Nothing is measured here, since this isn't Linux: profiles can be opened. */
  viewerOnly: 'hakmemLab.viewerOnly',
  /** A profile is shown: annotations and the panel have something to show. */
  hasProfile: 'hakmemLab.hasProfile',
  /** The list of runs shows only some. */
  runsFiltered: 'hakmemLab.runsFiltered',
  /** The list of hotspots shows only some. */
  hotspotsFiltered: 'hakmemLab.hotspotsFiltered',
  /** Paths of the open files that the shown profile knows: for the editor's context menu. */
  annotatedFiles: 'hakmemLab.annotatedFiles',
  /** Labs were looked for; before that, an empty tree means nothing. */
  searched: 'hakmemLab.searched',
} as const;

/** Without a folder on this machine, nothing can be measured; the others differ in what is offered first. */
export type FolderKind = 'none' | 'virtual' | 'empty' | 'native' | 'other';

export const viewIds = {
  container: 'hakmemLab',
  presets: 'hakmemLab.presets',
  runs: 'hakmemLab.runs',
  hotspots: 'hakmemLab.hotspots',
} as const;

/** The type of the panel's webview, by which VS Code restores it after a reload. */
export const panelViewType = 'hakmemLab.panel';

/** Of documents with machine code. */
export const machineCodeScheme = 'hakmem-lab-code';

/** The type of the webviews in which experiments are watched and read. */
export const experimentViewType = 'hakmemLab.experiment';

/** Custom editors: of files that only profiles are called like, and of text that may be something else. */
export const editorViewTypes = {
  profile: 'hakmemLab.profile',
  profileText: 'hakmemLab.profileText',
} as const;

/** Steps of heat, from barely warm to the hottest line. */
export const heatSteps = 5;

const steps = <T extends string>(prefix: T) =>
  Array.from({ length: heatSteps }, (_, i) => `hakmemLab.${prefix}${i + 1}`);

export const colorIds = {
  annotation: 'hakmemLab.annotationForeground',
  /** Significant differences to another run. */
  more: 'hakmemLab.moreForeground',
  less: 'hakmemLab.lessForeground',
  /** Backgrounds of hot lines, translucent. Index 0 is the coolest. */
  heat: steps('heatBackground'),
  /** Their marks in the overview ruler, opaque. */
  ruler: steps('heatRuler'),
};
