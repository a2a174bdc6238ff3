/** The extension host as the webview sees it. `acquireVsCodeApi` may be called once only: here. */
import type { HostMessage, PanelState, PanelTab, WebviewMessage } from '../src/protocol.js';

interface VsCodeApi {
  postMessage(message: WebviewMessage): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export const tabs: readonly PanelTab[] = ['flame', 'categories', 'functions'];

export class Host {
  private readonly api = acquireVsCodeApi();

  post(message: WebviewMessage): void {
    this.api.postMessage(message);
  }

  listen(received: (message: HostMessage) => void): void {
    window.addEventListener('message', (event: MessageEvent<HostMessage>) => {
      received(event.data);
    });
  }

  save(state: PanelState): void {
    this.api.setState(state);
  }

  /** What an earlier version of the panel saved is taken over as far as it is understood. */
  restore(): PanelState {
    const saved = (this.api.getState() ?? {}) as Partial<Record<keyof PanelState, unknown>>;
    const { zoomPath, runId } = saved;
    return {
      tab: tabs.find((tab) => tab === saved.tab) ?? 'flame',
      search: typeof saved.search === 'string' ? saved.search : '',
      zoomPath: Array.isArray(zoomPath) ? zoomPath.filter((name) => typeof name === 'string') : [],
      ...(typeof runId === 'string' ? { runId } : {}),
    };
  }
}
