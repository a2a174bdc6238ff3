import type { Preset } from '../../core/lab/labFile.js';
import type { RunDocument } from '../../model/run.js';
import type { PresetRef, RunRef } from '../shared/contributions.js';
import type { LabEntry } from '../labs/labService.js';

/**
 * What the tree shows. A preset's and a run's node can be passed to commands as they are: they are references
 * with what the tree needs besides.
 */
export type TreeNode =
  LabNode | MessageNode | PresetNode | EnvironmentNode | DetailNode | RecordingsNode | RunNode;

/** Only where the window has several labs; a single lab's presets stand at the top. */
export interface LabNode {
  readonly kind: 'lab';
  readonly labFile: string;
  readonly entry: LabEntry;
}

/** Something to know or to do, in place of presets or above them. */
export interface MessageNode {
  readonly kind: 'untrusted' | 'invalid';
  readonly labFile: string;
  readonly text: string;
  readonly detail: string;
}

export interface PresetNode extends PresetRef {
  readonly kind: 'preset';
  readonly entry: LabEntry;
  readonly definition: Preset;
}

export interface EnvironmentNode {
  readonly kind: 'environment';
  readonly preset: PresetNode;
}

/** A variable or the arguments: a name and its value. */
export interface DetailNode {
  readonly kind: 'variable' | 'arguments';
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

/** Runs without a preset: recorded programs and processes, opened profiles. */
export interface RecordingsNode {
  readonly kind: 'recordings';
  readonly labFile: string;
  readonly runs: readonly RunDocument[];
}

export interface RunNode extends RunRef {
  readonly kind: 'savedRun';
  readonly run: RunDocument;
  /** Whether it is named after its program, having no preset above it. */
  readonly named: boolean;
}
