/** The editor's theme as canvas and charts need it: values, where stylesheets use the variables themselves. */
import {
  allCategoryColours,
  css,
  mix,
  neutralColours,
  parseColour,
  type CategoryColours,
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
  /** In the order of the categories; the last entry is for what has none. */
  readonly categories: readonly CategoryColours[];
  readonly neutral: CategoryColours;
}

export function coloursOf(theme: Theme, category: number): CategoryColours {
  return theme.categories[category] ?? theme.categories.at(-1) ?? theme.neutral;
}

/** @param given colours that were chosen for categories, by index */
export function readTheme(categoryCount: number, given: readonly (string | undefined)[] = []): Theme {
  const style = getComputedStyle(document.body);
  const dark = !/\bvscode-(light|high-contrast-light)\b/.test(document.body.className);
  const background = colour(style, '--vscode-editor-background', dark ? [30, 30, 30] : [255, 255, 255]);
  const foreground = colour(style, '--vscode-editor-foreground', dark ? [212, 212, 212] : [51, 51, 51]);
  const frameFontSize = parseFloat(style.getPropertyValue('--vscode-editor-font-size')) || 12;
  return {
    background: css(background),
    foreground: css(foreground),
    faint: css(mix(background, foreground, 0.2)),
    fontFamily: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
    frameFont: style.getPropertyValue('--vscode-editor-font-family') || 'monospace',
    // Frames are a dense display: the editor's size, but not above what a row is still slim with.
    frameFontSize: Math.min(Math.max(frameFontSize - 1, 10), 18),
    categories: allCategoryColours(
      categoryCount,
      given.map((text) => (text === undefined ? undefined : parseColour(text))),
      background,
      foreground,
    ),
    neutral: neutralColours(background, foreground),
  };
}

function colour(style: CSSStyleDeclaration, name: string, fallback: Rgb): Rgb {
  return parseColour(style.getPropertyValue(name)) ?? fallback;
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

/** Gives stylesheets the category colours, as `--category-N` and `--category-N-edge` below `element`. */
export function publishCategoryColours(theme: Theme, element: HTMLElement): void {
  theme.categories.forEach((colours, index) => {
    element.style.setProperty(`--category-${String(index)}`, colours.fill);
    element.style.setProperty(`--category-${String(index)}-edge`, colours.edge);
  });
}
