/** Which colour a function's frames have: by category, or by module. */
import type { PanelModel } from '../store/panelModel.js';
import { categoryColours, parseColour, type CategoryColours } from '../ui/palette.js';
import { baseName } from '../text/format.js';
import type { Theme } from '../ui/theme.js';

export interface FrameColours {
  /** The last is for what is no function. */
  readonly slots: readonly CategoryColours[];
  slotOf(func: number): number;
  readonly legend: readonly { readonly name: string; readonly slot: number }[];
}

export function frameColours(model: PanelModel, theme: Theme): FrameColours {
  return model.state.colourBy === 'module' ? byModule(model, theme) : byCategory(model, theme);
}

function byCategory(model: PanelModel, theme: Theme): FrameColours {
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

/** The modules with most functions have hues of their own; the others share the grey one. */
const ownHues = 12;

function byModule(model: PanelModel, theme: Theme): FrameColours {
  const { module } = model.profile.functions;
  const counts = new Map<number, number>();
  for (const index of module) counts.set(index, (counts.get(index) ?? 0) + 1);
  const top = [...counts.keys()]
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    .slice(0, ownHues);
  const slotOfModule = new Map(top.map((index, slot) => [index, slot]));
  const background = parseColour(theme.background) ?? [255, 255, 255];
  const foreground = parseColour(theme.foreground) ?? [0, 0, 0];
  const count = top.length + 1;
  const slots = Array.from({ length: count }, (_, i) => categoryColours(i, count, background, foreground));
  const legend = top.map((index, slot) => ({
    name: baseName(model.data.strings.at(index)) || 'unknown module',
    slot,
  }));
  if (counts.size > top.length) legend.push({ name: 'other modules', slot: count - 1 });
  return {
    slots: [...slots, theme.neutral],
    slotOf: (func) => slotOfModule.get(module[func] ?? -1) ?? count - 1,
    legend,
  };
}
