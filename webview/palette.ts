/** The colours of the categories: pure, computed from the theme's background and foreground. */

export type Rgb = readonly [number, number, number];

export interface CategoryColours {
  readonly fill: string;
  /** Black or white, whichever is read better on `fill`. */
  readonly text: string;
  /** Outline that sets the fill off from the background where the two are alike. */
  readonly edge: string;
  /** For frames that a search did not find. */
  readonly dimFill: string;
  readonly dimText: string;
}

/**
 * Paul Tol's "light" scheme: distinct under the common colour-vision deficiencies, and light enough for black
 * labels on every colour, which is what a flame graph needs in a light, a dark and a high-contrast theme alike.
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

/** Category `index` of `count`. The last one is "Other" by the protocol, and grey. */
export function categoryColours(
  index: number,
  count: number,
  background: Rgb,
  foreground: Rgb,
): CategoryColours {
  const fill = index < 0 || index >= count - 1 ? otherHue : hueOf(index);
  return coloursFor(fill, background, foreground);
}

/** For rows that belong to no category: the root, and strips of frames too narrow to draw. */
export function neutralColours(background: Rgb, foreground: Rgb): CategoryColours {
  return coloursFor(mix(background, foreground, 0.14), background, foreground);
}

/** A diverging scale about grey, and last the neutral colour. */
export function differenceColours(
  less: readonly Rgb[],
  more: readonly Rgb[],
  background: Rgb,
  foreground: Rgb,
): CategoryColours[] {
  const noise = mix(background, foreground, 0.24);
  return [
    ...[...less, noise, ...more].map((fill) => coloursFor(fill, background, foreground)),
    neutralColours(background, foreground),
  ];
}

/** Beyond eight categories the hues return darker, then lighter; names tell them apart in every view. */
function hueOf(index: number): Rgb {
  const hue = hues[index % hues.length] ?? otherHue;
  const round = Math.floor(index / hues.length) % 3;
  return round === 0 ? hue : mix(hue, round === 1 ? black : white, 0.4);
}

function coloursFor(fill: Rgb, background: Rgb, foreground: Rgb): CategoryColours {
  const dim = mix(fill, background, 0.78);
  return {
    fill: css(fill),
    text: css(readableOn(fill)),
    edge: css(mix(fill, foreground, 0.45)),
    dimFill: css(dim),
    dimText: css(mix(readableOn(dim), dim, 0.3)),
  };
}

export function readableOn(fill: Rgb): Rgb {
  return contrast(fill, black) >= contrast(fill, white) ? black : white;
}

/** WCAG 2 contrast ratio, 1..21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** `a` with this share of `b` in it. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round((a[i] ?? 0) * (1 - share) + (b[i] ?? 0) * share)) as unknown as Rgb;
}

export function css(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Hexadecimal and rgb() notation, as themes write them; alpha is ignored. */
export function parseColour(text: string): Rgb | undefined {
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
