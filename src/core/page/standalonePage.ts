import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { packStructure } from '../../wire/structure.js';
import { colorStyle } from './pageColors.js';
import type { PageMessage } from '../../wire/panelData.js';

interface StandalonePage {
  readonly title: string;
  /** Sent to the panel once it is ready. */
  readonly messages: readonly PageMessage[];
  /** Name of the event to show first; empty for the first one of the profile. */
  readonly event: string;
  /** Contents of the built files: the replacement for VS Code's API, the panel, its style. */
  readonly standIn: string;
  readonly script: string;
  readonly style: string;
  /** The licenses of the packages that are in these, which their authors demand. */
  readonly notices: string;
}

/** Source actions only work in the editor. */
const ownStyle = `
${colorStyle}
body { --vscode-font-family: system-ui, sans-serif; --vscode-editor-font-family: monospace; }
.standalone td.place button { pointer-events: none; }
.standalone .details .source { display: none; }
.standalone .compare-toolbar vscode-button, .standalone .compare > .empty vscode-button { display: none; }
.standalone .host-only, .standalone .export, .standalone .breakdown > .toolbar vscode-button { display: none; }
`;

/**
 * The panel as one file that needs neither VS Code nor a network. Data from the profile is base64, so that no name can end
 * the element that contains it; only title and event are text, which is escaped.
 */
export function standalonePage({
  title,
  messages,
  event,
  standIn,
  script,
  style,
  notices,
}: StandalonePage): string {
  const nonce = randomBytes(16).toString('base64');
  const packed = gzipSync(packStructure(messages)).toString('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  const code = (text: string) => text.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${style.replace(/<\/(?=style)/gi, '<\\/')}${ownStyle}</style>
</head>
<body>
<div id="app" data-event="${escapeHtml(event)}"></div>
<script type="text/plain" id="packed">${packed}</script>
<script nonce="${nonce}">${code(standIn)}</script>
<script nonce="${nonce}">${code(script)}</script>
<template id="third-party-notices">
${escapeHtml(notices)}</template>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${String(c.charCodeAt(0))};`);
}
