/** Composes the experiment view: a page in, actions out. The last page survives a reload. */
import { forgetNonce } from './shell/nonce.js';
import { regionalLanguage, useLanguage } from '../src/text/language.js';
import type {
  ExperimentHostMessage,
  ExperimentPage,
  ExperimentViewMessage,
} from '../src/wire/experimentPage.js';
import { PageView } from './experiment/pageView.js';
import { publishMutedColor, readTheme, watchTheme } from './ui/theme.js';
import { registerToolkit } from './ui/toolkit.js';

declare function acquireVsCodeApi(): {
  postMessage(message: ExperimentViewMessage): void;
  setState(state: { readonly page: ExperimentPage }): void;
};

const host = acquireVsCodeApi();
useLanguage(regionalLanguage(document.documentElement.lang || 'en-US', navigator.languages));
registerToolkit();
forgetNonce();
let page: ExperimentPage | undefined;
const view = new PageView((id) => {
  host.postMessage({ type: 'action', id });
});
(document.getElementById('app') ?? document.body).append(view.element);

function render(): void {
  if (!page) return;
  try {
    publishMutedColor();
    view.show(page, readTheme(0));
  } catch (error) {
    host.postMessage({ type: 'failed', text: error instanceof Error ? (error.stack ?? '') : String(error) });
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ExperimentHostMessage>) => {
  page = data.page;
  host.setState({ page });
  render();
});
window.addEventListener('error', ({ message }) => {
  host.postMessage({ type: 'failed', text: message });
});
watchTheme(render);
host.postMessage({ type: 'ready' });
