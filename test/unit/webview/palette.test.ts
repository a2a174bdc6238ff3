import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allCategoryColours,
  categoryColours,
  contrast,
  difference,
  neutralColours,
  parseColour,
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
  const colour = parseColour(text);
  if (colour === undefined) throw new Error(`no colour: ${text}`);
  return colour;
}

describe.each(themes)('colours on a $name background', ({ background, foreground }) => {
  const all = [
    ...Array.from({ length: count }, (_, i) => categoryColours(i, count, background, foreground)),
    neutralColours(background, foreground),
  ];

  it('have labels that can be read (WCAG AA), also on what a search has dimmed', () => {
    for (const colours of all) {
      expect(contrast(rgb(colours.fill), rgb(colours.text))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(colours.dimFill), rgb(colours.dimText))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('differ from category to category', () => {
    const fills = all.slice(0, count).map((colours) => colours.fill);
    expect(new Set(fills).size).toBe(count);
  });
});

describe.each(themes)('given colours on a $name background', ({ background, foreground }) => {
  const channel = fc.integer({ min: 0, max: 255 });
  const anyColour = fc.tuple(channel, channel, channel);
  const given = fc.array(fc.option(anyColour, { nil: undefined }), { minLength: 1, maxLength: 9 });

  it('are read (WCAG AA), plain and dimmed, whatever they are', () => {
    fc.assert(
      fc.property(given, (chosen) => {
        const all = allCategoryColours(chosen.length + 1, chosen, background, foreground);
        expect(all).toHaveLength(chosen.length + 2);
        for (const colours of all) {
          expect(contrast(rgb(colours.fill), rgb(colours.text))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(rgb(colours.dimFill), rgb(colours.dimText))).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('are kept where they can be seen, and no other category looks like one of them', () => {
    fc.assert(
      fc.property(given, (chosen) => {
        const all = allCategoryColours(chosen.length + 1, chosen, background, foreground);
        chosen.forEach((colour, i) => {
          const fill = rgb(all[i]?.fill ?? '');
          if (colour !== undefined && contrast(colour, background) >= 1.2) expect(fill).toEqual(colour);
          if (colour !== undefined) return;
          for (const other of chosen) if (other) expect(difference(fill, other)).toBeGreaterThanOrEqual(0.07);
        });
      }),
    );
  });

  it('leave the others as they are where none is given', () => {
    const all = allCategoryColours(count, [], background, foreground);
    const alone = Array.from({ length: count }, (_, i) => categoryColours(i, count, background, foreground));
    expect(all.slice(0, count)).toEqual(alone);
    expect(all[count]).toEqual(categoryColours(-1, count, background, foreground));
  });
});

describe('colours', () => {
  it('paint "Other" and what has no category the same grey, in any number of categories', () => {
    const [background, foreground]: Rgb[] = [
      [0, 0, 0],
      [255, 255, 255],
    ];
    if (background === undefined || foreground === undefined) throw new Error();
    const grey = categoryColours(-1, 5, background, foreground).fill;
    expect(categoryColours(4, 5, background, foreground).fill).toBe(grey);
    expect(categoryColours(0, 1, background, foreground).fill).toBe(grey);
  });

  it('are read in the notations of themes', () => {
    expect(parseColour(' #1f2E3d ')).toEqual([31, 46, 61]);
    expect(parseColour('#1f2e3dcc')).toEqual([31, 46, 61]);
    expect(parseColour('#fff')).toEqual([255, 255, 255]);
    expect(parseColour('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
    expect(parseColour('transparent')).toBeUndefined();
  });
});
