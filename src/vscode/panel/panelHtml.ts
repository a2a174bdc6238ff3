/** What the webview's document needs to know of its surroundings. */
export interface PanelPage {
  /** The origin of the extension's files, as VS Code gives it. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
}

/** The webview's document: nothing but its script and style, and nothing may be loaded besides them. */
export function panelHtml({ cspSource, nonce, script, style }: PanelPage): string {
  const policy = [
    `default-src 'none'`,
    `img-src data: ${cspSource}`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>HAKMEM Lab</title>
  <link rel="stylesheet" href="${style}">
</head>
<body>
  <div id="app"></div>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
