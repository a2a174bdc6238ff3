/** The colors of the categories: pure, computed from the theme's background and foreground. */

export type Rgb = readonly [number, number, number];

export interface CategoryColors {
  readonly fill: string;
  /** Black or white, whichever has more contrast on `fill`. */
  readonly text: string;
  /** Outline that separates the fill from a similar background. */
  readonly edge: string;
  /** For frames that a search did not find. */
  readonly dimFill: string;
  readonly dimText: string;
}

/**
 * Paul Tol's "light" scheme: distinct under the common color-vision deficiencies, and light enough for black
 * labels on every color, which is what a flame graph needs in a light, a dark and a high-contrast theme alike.
 */
const hues: readonly Rgb[] = [
  [0x77, 0xaa, 0xdd],
  [0xee, 0x88, 0x66],
  [0xee, 0xdd, 0x88],
  [0xff, 0xaa, 0xbb],
  [0x99, 0xdd, 0xff],
  [0x44, 0xbb, 0x99],
  [0xbb, 0xcc, 0x33],
  [0xaa, 0xaa, 0x00],
];
const otherHue: Rgb = [0xbb, 0xbb, 0xbb];
const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** Category `index` of `count`. The last one is "Other" by the protocol, and gray. */
export function categoryColors(
  index: number,
  count: number,
  background: Rgb,
  foreground: Rgb,
): CategoryColors {
  const fill = index < 0 || index >= count - 1 ? otherHue : hueOf(index);
  return colorsFor(fill, background, foreground);
}

/**
 * For all categories, and last for functions without one. Given colors are used as they are, unless one would be
 * invisible on the background; the others get hues of the scheme that differ from all given ones. A category keeps its
 * hue from profile to profile, unless an earlier one of those that are present has it: there are more categories than
 * hues, and two in one picture must not look the same.
 * @param present whether the profile has functions of a category; all, if left out
 */
export function allCategoryColors(
  count: number,
  given: readonly (Rgb | undefined)[],
  background: Rgb,
  foreground: Rgb,
  present: (category: number) => boolean = () => true,
): CategoryColors[] {
  const chosen = Array.from({ length: Math.max(0, count - 1) }, (_, i) => given[i]);
  const taken = chosen.filter((color) => color !== undefined);
  const fills = chosen.map((color, index) => {
    if (color !== undefined) return visibleOn(background, color, foreground);
    if (!present(index)) return hueOf(index);
    const fill = freeHue(index, taken);
    taken.push(fill);
    return fill;
  });
  const others = count > 0 ? [otherHue, otherHue] : [otherHue];
  return [...fills, ...others].map((fill) => colorsFor(fill, background, foreground));
}

/**
 * In a perceptually even space: how far apart colors are, as far as there are enough. Below the second distance, two of
 * them look the same side by side; the eight hues of the scheme are further apart than the first.
 */
const apart = [0.09, 0.07, 0.04, 0.001] as const;
/** Contrast below which a frame cannot be told from the background. */
const minContrast = 1.2;

/** The category's own hue, else the first of the scheme that differs from all that are taken. */
function freeHue(index: number, taken: readonly Rgb[]): Rgb {
  const own = hueOf(index);
  const all = [own, ...Array.from({ length: hues.length * 3 }, (_, i) => hueOf(i))];
  for (const least of apart) {
    const free = all.find((hue) => taken.every((other) => difference(hue, other) >= least));
    if (free) return free;
  }
  return own;
}

function visibleOn(background: Rgb, fill: Rgb, foreground: Rgb): Rgb {
  return contrast(fill, background) >= minContrast ? fill : mix(fill, foreground, 0.22);
}

/** For rows that belong to no category: the root, and strips of frames too narrow to draw. */
export function neutralColors(background: Rgb, foreground: Rgb): CategoryColors {
  return colorsFor(mix(background, foreground, 0.14), background, foreground);
}

/** A diverging scale around gray, and last the neutral color. */
export function differenceColors(
  less: readonly Rgb[],
  more: readonly Rgb[],
  background: Rgb,
  foreground: Rgb,
): CategoryColors[] {
  const noise = mix(background, foreground, 0.24);
  return [
    ...[...less, noise, ...more].map((fill) => colorsFor(fill, background, foreground)),
    neutralColors(background, foreground),
  ];
}

/** Beyond eight categories the hues repeat darker, then lighter; every view also shows the names. */
function hueOf(index: number): Rgb {
  const hue = hues[index % hues.length] ?? otherHue;
  const round = Math.floor(index / hues.length) % 3;
  return round === 0 ? hue : mix(hue, round === 1 ? black : white, 0.4);
}

function colorsFor(fill: Rgb, background: Rgb, foreground: Rgb): CategoryColors {
  const dim = mix(fill, background, 0.78);
  return {
    fill: css(fill),
    text: css(readableOn(fill)),
    edge: css(mix(fill, foreground, 0.45)),
    dimFill: css(dim),
    dimText: css(faintOn(dim)),
  };
}

/** As faint as WCAG AA allows. */
function faintOn(fill: Rgb): Rgb {
  const text = readableOn(fill);
  const shares = [0.3, 0.2, 0.1];
  return shares.map((share) => mix(text, fill, share)).find((c) => contrast(c, fill) >= 4.5) ?? text;
}

function readableOn(fill: Rgb): Rgb {
  return contrast(fill, black) >= contrast(fill, white) ? black : white;
}

/** WCAG 2 contrast ratio, 1..21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map(linear) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Distance of two colors in OKLab (B. Ottosson, 2020): about as far apart as they look. */
export function difference(a: Rgb, b: Rgb): number {
  const [x, y] = [oklab(a), oklab(b)];
  return Math.hypot(...[0, 1, 2].map((i) => (x[i] ?? 0) - (y[i] ?? 0)));
}

function oklab(color: Rgb): Rgb {
  const [r, g, b] = color.map(linear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linear(value: number): number {
  const c = value / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** `a` mixed with this share of `b`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round((a[i] ?? 0) * (1 - share) + (b[i] ?? 0) * share)) as unknown as Rgb;
}

export function css(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * For texts of less weight: the theme's own color, unless that is the color of all text, as in the default light theme.
 * What is mixed instead can also be read on a selected row.
 */
export function mutedColor(description: Rgb, foreground: Rgb, background: Rgb): Rgb {
  if (difference(description, foreground) > 0.03) return description;
  const softened = [0.3, 0.25, 0.2, 0.15, 0.1].map((share) => mix(foreground, background, share));
  return softened.find((color) => contrast(color, background) >= 5.5) ?? foreground;
}

/** Hexadecimal and rgb() notation, as themes write them; alpha is ignored. */
export function parseColor(text: string): Rgb | undefined {
  const value = text.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?$/i.exec(value);
  if (short !== null)
    return [1, 2, 3].map((i) => parseInt(`${short[i] ?? ''}${short[i] ?? ''}`, 16)) as unknown as Rgb;
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?$/i.exec(value);
  if (long !== null) return [1, 2, 3].map((i) => parseInt(long[i] ?? '', 16)) as unknown as Rgb;
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/i.exec(value);
  if (rgb !== null) return [1, 2, 3].map((i) => Number(rgb[i])) as unknown as Rgb;
  return undefined;
}
