/** The extension host as the webview sees it. `acquireVsCodeApi` may be called only once: here. */
import type { HostMessage, WebviewMessage } from '../../src/wire/protocol.js';
import type { PanelState } from '../store/panelState.js';

interface VsCodeApi {
  postMessage(message: WebviewMessage): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Zooming and panning change the state with every step; it is saved after a pause, or when the page is hidden. In ms. */
const saveDelay = 150;

export class Host {
  private readonly api = acquireVsCodeApi();
  private unsaved: PanelState | undefined;
  private timer = 0;

  constructor() {
    for (const event of ['pagehide', 'visibilitychange', 'blur']) {
      window.addEventListener(event, () => {
        this.flush();
      });
    }
  }

  post(message: WebviewMessage): void {
    this.api.postMessage(message);
  }

  listen(received: (message: HostMessage) => void): void {
    window.addEventListener('message', (event: MessageEvent<HostMessage>) => {
      received(event.data);
    });
  }

  /** The first change after a pause at once: what is chosen just before a window closes is kept. */
  save(state: PanelState): void {
    this.unsaved = state;
    if (this.timer === 0) this.flush();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.flush();
    }, saveDelay);
  }

  /** Of this panel, before it was hidden or the window reloaded; else of the one before it, which the host kept. */
  get saved(): unknown {
    const own = this.api.getState();
    if (own !== undefined) return own;
    const kept = document.getElementById('app')?.dataset['state'];
    return kept === undefined ? undefined : JSON.parse(decodeURIComponent(kept));
  }

  private flush(): void {
    if (this.unsaved === undefined) return;
    this.api.setState(this.unsaved);
    this.post({ type: 'state', state: this.unsaved });
    this.unsaved = undefined;
  }
}
