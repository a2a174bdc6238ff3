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

  save(state: PanelState): void {
    this.unsaved = state;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.flush();
    }, saveDelay);
  }

  get saved(): unknown {
    return this.api.getState();
  }

  private flush(): void {
    if (this.unsaved !== undefined) this.api.setState(this.unsaved);
    this.unsaved = undefined;
  }
}
