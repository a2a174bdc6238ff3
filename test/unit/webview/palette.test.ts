import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allCategoryColors,
  categoryColors,
  contrast,
  difference,
  mutedColor,
  neutralColors,
  parseColor,
  type Rgb,
} from '../../../webview/ui/palette.js';

const themes: readonly { readonly name: string; readonly background: Rgb; readonly foreground: Rgb }[] = [
  { name: 'light', background: [255, 255, 255], foreground: [59, 59, 59] },
  { name: 'dark', background: [31, 31, 31], foreground: [204, 204, 204] },
  { name: 'high contrast', background: [0, 0, 0], foreground: [255, 255, 255] },
  { name: 'high contrast light', background: [255, 255, 255], foreground: [41, 41, 41] },
];
const count = 20;

function rgb(text: string): Rgb {
  const color = parseColor(text);
  if (color === undefined) throw new Error(`no color: ${text}`);
  return color;
}

describe.each(themes)('colors on a $name background', ({ background, foreground }) => {
  const all = [
    ...Array.from({ length: count }, (_, i) => categoryColors(i, count, background, foreground)),
    neutralColors(background, foreground),
  ];

  it('have labels that can be read (WCAG AA), also on what a search has dimmed', () => {
    for (const colors of all) {
      expect(contrast(rgb(colors.fill), rgb(colors.text))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(colors.dimFill), rgb(colors.dimText))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('differ from category to category', () => {
    const fills = all.slice(0, count).map((colors) => colors.fill);
    expect(new Set(fills).size).toBe(count);
  });
});

describe.each(themes)('given colors on a $name background', ({ background, foreground }) => {
  const channel = fc.integer({ min: 0, max: 255 });
  const anyColor = fc.tuple(channel, channel, channel);
  const given = fc.array(fc.option(anyColor, { nil: undefined }), { minLength: 1, maxLength: 9 });

  it('are read (WCAG AA), plain and dimmed, whatever they are', () => {
    fc.assert(
      fc.property(given, (chosen) => {
        const all = allCategoryColors(chosen.length + 1, chosen, background, foreground);
        expect(all).toHaveLength(chosen.length + 2);
        for (const colors of all) {
          expect(contrast(rgb(colors.fill), rgb(colors.text))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(rgb(colors.dimFill), rgb(colors.dimText))).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('are kept where they can be seen, and no other category looks like one of them', () => {
    fc.assert(
      fc.property(given, (chosen) => {
        const all = allCategoryColors(chosen.length + 1, chosen, background, foreground);
        chosen.forEach((color, i) => {
          const fill = rgb(all[i]?.fill ?? '');
          if (color !== undefined && contrast(color, background) >= 1.2) expect(fill).toEqual(color);
          if (color !== undefined) return;
          for (const other of chosen) if (other) expect(difference(fill, other)).toBeGreaterThanOrEqual(0.07);
        });
      }),
    );
  });

  it('leave the hues of the scheme as they are where none is given, and all differ', () => {
    const all = allCategoryColors(count, [], background, foreground);
    const alone = Array.from({ length: 8 }, (_, i) => categoryColors(i, count, background, foreground));
    expect(all.slice(0, 8)).toEqual(alone);
    expect(new Set(all.slice(0, count).map(({ fill }) => fill)).size).toBe(count);
    expect(all[count]).toEqual(categoryColors(-1, count, background, foreground));
  });

  it('differ among the categories that a profile has, and those keep theirs that come first', () => {
    // 6, 14, and 30 would have the same hue, or nearly, by their place among all.
    const present = [1, 6, 14, 30, 38];
    const all = allCategoryColors(41, [], background, foreground, (index) => present.includes(index));
    expect(new Set(present.map((index) => all[index]?.fill)).size).toBe(present.length);
    // As many as the scheme has hues are told apart at a glance, wherever they are in the list.
    for (let first = 0; first < 32; first++) {
      const some = Array.from({ length: 8 }, (_, i) => (first + i * 5) % 40);
      const shown = allCategoryColors(41, [], background, foreground, (index) => some.includes(index));
      const fills = some.map((index) => rgb(shown[index]?.fill ?? ''));
      fills.forEach((a, i) => {
        for (const b of fills.slice(0, i)) expect(difference(a, b)).toBeGreaterThanOrEqual(0.07);
      });
    }
    for (const index of [1, 6, 14])
      expect(all[index]).toEqual(categoryColors(index, 41, background, foreground));
  });
});

describe('colors', () => {
  it('paint "Other" and what has no category the same gray, in any number of categories', () => {
    const [background, foreground]: Rgb[] = [
      [0, 0, 0],
      [255, 255, 255],
    ];
    if (background === undefined || foreground === undefined) throw new Error();
    const gray = categoryColors(-1, 5, background, foreground).fill;
    expect(categoryColors(4, 5, background, foreground).fill).toBe(gray);
    expect(categoryColors(0, 1, background, foreground).fill).toBe(gray);
  });

  it('are read in the notations of themes', () => {
    expect(parseColor(' #1f2E3d ')).toEqual([31, 46, 61]);
    expect(parseColor('#1f2e3dcc')).toEqual([31, 46, 61]);
    expect(parseColor('#fff')).toEqual([255, 255, 255]);
    expect(parseColor('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
    expect(parseColor('transparent')).toBeUndefined();
  });
});

describe('the color of texts of less weight', () => {
  const [light, selected]: [Rgb, Rgb] = [
    [255, 255, 255],
    [228, 230, 241],
  ];

  it('is that of the theme, unless the theme has none of its own', () => {
    expect(mutedColor([113, 113, 113], [0, 0, 0], light)).toEqual([113, 113, 113]);
    const text: Rgb = [59, 59, 59];
    const muted = mutedColor(text, text, light);
    expect(difference(muted, text)).toBeGreaterThan(0.1);
    for (const background of [light, selected]) expect(contrast(muted, background)).toBeGreaterThan(4.5);
  });
});
