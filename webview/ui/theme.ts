/** The editor's theme as canvas and charts need it: as values; stylesheets use the variables themselves. */
import {
  allCategoryColors,
  css,
  mix,
  mutedColor,
  neutralColors,
  parseColor,
  type CategoryColors,
  type Rgb,
} from './palette.js';

export interface Theme {
  readonly background: string;
  readonly foreground: string;
  /** Grid lines and the like. */
  readonly faint: string;
  readonly fontFamily: string;
  readonly frameFont: string;
  readonly frameFontSize: number;
  /** In the order of the categories; the last entry is for functions without one. */
  readonly categories: readonly CategoryColors[];
  readonly neutral: CategoryColors;
}

export function colorsOf(theme: Theme, category: number): CategoryColors {
  return theme.categories[category] ?? theme.categories.at(-1) ?? theme.neutral;
}

/**
 * @param given colors that were chosen for categories, by index
 * @param present whether the profile has functions of a category
 */
export function readTheme(
  categoryCount: number,
  given: readonly (string | undefined)[] = [],
  present?: (category: number) => boolean,
): Theme {
  const style = getComputedStyle(document.body);
  const dark = !/\bvscode-(light|high-contrast-light)\b/.test(document.body.className);
  const background = color(style, '--vscode-editor-background', dark ? [30, 30, 30] : [255, 255, 255]);
  const foreground = color(style, '--vscode-editor-foreground', dark ? [212, 212, 212] : [51, 51, 51]);
  const frameFontSize = parseFloat(style.getPropertyValue('--vscode-editor-font-size')) || 12;
  return {
    background: css(background),
    foreground: css(foreground),
    faint: css(mix(background, foreground, 0.2)),
    fontFamily: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
    frameFont: style.getPropertyValue('--vscode-editor-font-family') || 'monospace',
    // Frames are a dense display: the editor's size, within what keeps a row slim.
    frameFontSize: Math.min(Math.max(frameFontSize - 1, 10), 18),
    categories: allCategoryColors(
      categoryCount,
      given.map((text) => (text === undefined ? undefined : parseColor(text))),
      background,
      foreground,
      present,
    ),
    neutral: neutralColors(background, foreground),
  };
}

function color(style: CSSStyleDeclaration, name: string, fallback: Rgb): Rgb {
  return parseColor(style.getPropertyValue(name)) ?? fallback;
}

/**
 * Calls back once per change of theme. VS Code replaces the class of the body and the variables on the root
 * element in one task, so the callback sees both.
 */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}

/** Gives stylesheets the color of texts of less weight, as `--muted`. */
export function publishMutedColor(): void {
  const { style } = document.body;
  const computed = getComputedStyle(document.body);
  const names = ['descriptionForeground', 'editor-foreground', 'editor-background'];
  const [description, foreground, background] = names.map((name) =>
    parseColor(computed.getPropertyValue(`--vscode-${name}`)),
  );
  if (!description || !foreground || !background) style.removeProperty('--muted');
  else style.setProperty('--muted', css(mutedColor(description, foreground, background)));
}

/** Gives stylesheets the category colors, as `--category-N` and `--category-N-edge` below `element`. */
export function publishCategoryColors(theme: Theme, element: HTMLElement): void {
  theme.categories.forEach((colors, index) => {
    element.style.setProperty(`--category-${String(index)}`, colors.fill);
    element.style.setProperty(`--category-${String(index)}-edge`, colors.edge);
  });
}
