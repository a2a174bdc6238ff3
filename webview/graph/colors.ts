/** Which color a function's frames have: by category, or by module. */
import type { PanelModel } from '../store/panelModel.js';
import { categoryColors, parseColor, type CategoryColors } from '../ui/palette.js';
import { baseName } from '../text/places.js';
import type { Theme } from '../ui/theme.js';
import { texts } from './texts.js';

export interface FrameColors {
  /** The last is for nodes without a function. */
  readonly slots: readonly CategoryColors[];
  slotOf(func: number): number;
  readonly legend: readonly { readonly name: string; readonly slot: number }[];
}

export function frameColors(model: PanelModel, theme: Theme): FrameColors {
  return model.state.colorBy === 'module' ? byModule(model, theme) : byCategory(model, theme);
}

function byCategory(model: PanelModel, theme: Theme): FrameColors {
  const { categories, category } = model.profile;
  const drawn = new Set(category);
  return {
    slots: [...theme.categories, theme.neutral],
    slotOf: (func) => {
      const index = model.data.categoryOf(func);
      return index < 0 ? theme.categories.length - 1 : index;
    },
    legend: categories.flatMap((_, slot) =>
      drawn.has(slot) ? [{ name: model.data.categoryName(slot), slot }] : [],
    ),
  };
}

/** The modules with the most functions have hues of their own; the others share gray. */
const ownHues = 12;

function byModule(model: PanelModel, theme: Theme): FrameColors {
  const { module } = model.profile.functions;
  const counts = new Map<number, number>();
  for (const index of module) counts.set(index, (counts.get(index) ?? 0) + 1);
  const top = [...counts.keys()]
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    .slice(0, ownHues);
  const slotOfModule = new Map(top.map((index, slot) => [index, slot]));
  const background = parseColor(theme.background) ?? [255, 255, 255];
  const foreground = parseColor(theme.foreground) ?? [0, 0, 0];
  const count = top.length + 1;
  const slots = Array.from({ length: count }, (_, i) => categoryColors(i, count, background, foreground));
  const legend = top.map((index, slot) => ({
    name: baseName(model.data.strings.at(index)) || texts.unknownModule,
    slot,
  }));
  if (counts.size > top.length) legend.push({ name: texts.otherModules, slot: count - 1 });
  return {
    slots: [...slots, theme.neutral],
    slotOf: (func) => slotOfModule.get(module[func] ?? -1) ?? count - 1,
    legend,
  };
}
