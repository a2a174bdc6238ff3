import type { Preset } from '../../core/lab/labFile.js';
import type { Laboratory } from '../../core/laboratory.js';
import type { CriterionResult } from '../../core/report/criteria.js';
import type { LabEntry } from '../labs/labService.js';
import type { PresetRef } from '../shared/contributions.js';

/** What the tree shows. A preset's node can be passed to commands as it is: it is a reference with what the tree needs besides. */
export type TreeNode =
  LabNode | MessageNode | GroupNode | PresetNode | DetailNode | CriteriaNode | CriterionNode;

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

/** Presets with the same `group`. */
export interface GroupNode {
  readonly kind: 'group';
  readonly labFile: string;
  readonly name: string;
  readonly presets: readonly PresetNode[];
}

export interface PresetNode extends PresetRef {
  readonly kind: 'preset';
  readonly entry: LabEntry;
  readonly definition: Preset;
}

/** What the lab file asks of its presets. */
export interface CriteriaNode {
  readonly kind: 'criteria';
  readonly labFile: string;
  readonly laboratory: Laboratory;
}

export interface CriterionNode {
  readonly kind: 'criterion';
  readonly labFile: string;
  readonly result: CriterionResult;
}

/** What a preset runs: a name and its value. */
export interface DetailNode {
  /** Why a variable has no effect, where a matrix found that. */
  readonly noEffect?: { readonly reason: string; readonly matrix: string } | undefined;
  readonly kind: 'variable' | 'program' | 'arguments';
  readonly id: string;
  readonly name: string;
  readonly value: string;
}
