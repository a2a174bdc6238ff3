/** The colors of the editor's default light and dark themes: a standalone page has no editor to get them from. */
const colors: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  'editor-background': ['#ffffff', '#1e1e1e'],
  'editor-foreground': ['#333333', '#d4d4d4'],
  foreground: ['#333333', '#d4d4d4'],
  descriptionForeground: ['#616161', '#a0a0a0'],
  focusBorder: ['#005fb8', '#0078d4'],
  'panelTitle-activeForeground': ['#333333', '#e7e7e7'],
  'panelTitle-inactiveForeground': ['#616161', '#a0a0a0'],
  'panelTitle-activeBorder': ['#005fb8', '#0078d4'],
  'panel-border': ['#e5e5e5', '#2b2b2b'],
  'input-background': ['#f3f3f3', '#3c3c3c'],
  'input-foreground': ['#333333', '#d4d4d4'],
  'input-placeholderForeground': ['#616161', '#a0a0a0'],
  'dropdown-background': ['#ffffff', '#313131'],
  'dropdown-foreground': ['#333333', '#d4d4d4'],
  'dropdown-border': ['#cecece', '#3c3c3c'],
  'checkbox-background': ['#f8f8f8', '#313131'],
  'checkbox-foreground': ['#333333', '#d4d4d4'],
  'checkbox-border': ['#919191', '#6b6b6b'],
  'button-background': ['#005fb8', '#0078d4'],
  'button-foreground': ['#ffffff', '#ffffff'],
  'button-hoverBackground': ['#0258a8', '#026ec1'],
  'button-secondaryBackground': ['#e5e5e5', '#3a3d41'],
  'button-secondaryForeground': ['#333333', '#ffffff'],
  'button-secondaryHoverBackground': ['#cccccc', '#45494e'],
  'list-hoverBackground': ['#f2f2f2', '#2a2d2e'],
  'list-activeSelectionBackground': ['#e8e8e8', '#04395e'],
  'list-activeSelectionForeground': ['#000000', '#ffffff'],
  'list-inactiveSelectionBackground': ['#e4e6f1', '#37373d'],
  'menu-background': ['#ffffff', '#1f1f1f'],
  'menu-foreground': ['#333333', '#d4d4d4'],
  'menu-border': ['#cecece', '#454545'],
  'menu-selectionBackground': ['#005fb8', '#0078d4'],
  'menu-selectionForeground': ['#ffffff', '#ffffff'],
  'editorHoverWidget-background': ['#f8f8f8', '#202020'],
  'editorHoverWidget-foreground': ['#333333', '#d4d4d4'],
  'editorHoverWidget-border': ['#c8c8c8', '#454545'],
  'editorWarning-foreground': ['#bf8803', '#cca700'],
  'textLink-foreground': ['#005fb8', '#4daafc'],
  'textLink-activeForeground': ['#005fb8', '#4daafc'],
  'badge-background': ['#cccccc', '#616161'],
  'badge-foreground': ['#333333', '#f8f8f8'],
};

const block = (theme: 0 | 1) =>
  `:root { ${Object.entries(colors)
    .map(([name, values]) => `--vscode-${name}: ${values[theme]};`)
    .join(' ')} }`;

/** Follows the reader's color scheme. */
export const colorStyle = `:root { color-scheme: light dark; }
${block(0)}
@media (prefers-color-scheme: dark) { ${block(1)} }`;
