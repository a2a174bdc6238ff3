/** Which color a function's frames have: by category, namespace, file or module. */
import { bestKind, groupingBy } from '../store/grouping.js';
import type { PanelModel } from '../store/panelModel.js';
import type { GroupKind } from '../store/panelState.js';
import { categoryColors, parseColor, type CategoryColors } from '../ui/palette.js';
import type { Theme } from '../ui/theme.js';
import { restOf } from './texts.js';

export interface FrameColors {
  /** The last is for nodes without a function. */
  readonly slots: readonly CategoryColors[];
  slotOf(func: number): number;
  /** Of every slot but the last. */
  readonly names: readonly string[];
}

export function colorKind(model: PanelModel): GroupKind {
  const { colors } = model.state;
  return colors === 'auto' ? bestKind(model.data) : colors;
}

export function frameColors(model: PanelModel, theme: Theme): FrameColors {
  const kind = colorKind(model);
  return kind === 'category' ? byCategory(model, theme) : byGroup(model, kind, theme);
}

/** Every category keeps its color in all tabs, also those that a lab chose. */
function byCategory(model: PanelModel, theme: Theme): FrameColors {
  return {
    slots: [...theme.categories, theme.neutral],
    slotOf: (func) => {
      const index = model.data.categoryOf(func);
      return index < 0 ? theme.categories.length - 1 : index;
    },
    names: theme.categories.map((_, slot) => model.data.categoryName(slot)),
  };
}

function byGroup(model: PanelModel, kind: GroupKind, theme: Theme): FrameColors {
  const { names, groupOf } = groupingBy(model.data, kind);
  const background = parseColor(theme.background) ?? [255, 255, 255];
  const foreground = parseColor(theme.foreground) ?? [0, 0, 0];
  const count = names.length + 1;
  const slots = Array.from({ length: count }, (_, i) => categoryColors(i, count, background, foreground));
  return {
    slots: [...slots, theme.neutral],
    slotOf: (func) => {
      const group = groupOf(func);
      return group < 0 ? count - 1 : group;
    },
    names: [...names, restOf[kind]],
  };
}
