/**
 * Stands in for VS Code if the panel is a standalone file: delivers the packed messages once the panel is ready, and
 * keeps its state while the page is open. Loaded before the panel's script.
 */
import { unpackStructure } from '../src/wire/structure.js';
import type { HostMessage, WebviewMessage } from '../src/wire/protocol.js';

async function messages(): Promise<readonly HostMessage[]> {
  const text = document.getElementById('packed')?.textContent ?? '';
  const packed = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return unpackStructure(bytes) as readonly HostMessage[];
}

/** The part of a `PanelState` that the exporter chose. */
let state: unknown = { filters: { event: document.getElementById('app')?.dataset['event'] ?? '' } };
const api = {
  postMessage(message: WebviewMessage): void {
    if (message.type === 'copy') void navigator.clipboard.writeText(message.text);
    if (message.type !== 'ready') return;
    void messages().then((list) => {
      for (const data of list) window.dispatchEvent(new MessageEvent('message', { data }));
    });
  },
  getState: () => state,
  setState(value: unknown): void {
    state = value;
  },
};
Object.assign(window, { acquireVsCodeApi: () => api });

/** Follows the color scheme that the user prefers. */
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = (): void => {
  document.body.className = `standalone ${dark.matches ? 'vscode-dark' : 'vscode-light'}`;
};
follow();
dark.addEventListener('change', follow);
