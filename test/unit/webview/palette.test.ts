import { describe, expect, it } from 'vitest';
import {
  categoryColours,
  contrast,
  neutralColours,
  parseColour,
  type Rgb,
} from '../../../webview/palette.js';

const themes: readonly { readonly name: string; readonly background: Rgb; readonly foreground: Rgb }[] = [
  { name: 'light', background: [255, 255, 255], foreground: [59, 59, 59] },
  { name: 'dark', background: [31, 31, 31], foreground: [204, 204, 204] },
  { name: 'high contrast', background: [0, 0, 0], foreground: [255, 255, 255] },
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
