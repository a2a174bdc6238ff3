/** What the webview's document depends on. */
export interface WebviewPage {
  /** The origin of the extension's files, as VS Code gives it. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** The editor's language, BCP 47: the panel writes numbers and dates in it. */
  readonly language: string;
  /** What an earlier panel kept, for one that has no state of its own. Anything that can be JSON. */
  readonly state?: unknown;
}

/** The webview's document: its script and style, and nothing else may be loaded. */
export function webviewHtml({ cspSource, nonce, script, style, language, state }: WebviewPage): string {
  const policy = [
    `default-src 'none'`,
    `img-src data: ${cspSource}`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>HAKMEM Lab</title>
  <link rel="stylesheet" href="${style}">
</head>
<body>
  <div id="app"${state === undefined ? '' : ` data-state="${encodeURIComponent(JSON.stringify(state))}"`}></div>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
