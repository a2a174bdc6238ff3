/** The built webview in a real browser, under the security policy of the real page, with a stub of VS Code's API. */
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { ExperimentHostMessage, ExperimentViewMessage } from '../../../src/wire/experimentPage.js';
import type { HostMessage, WebviewMessage } from '../../../src/wire/protocol.js';
import type { PanelState } from '../../../webview/store/panelState.js';
import { webviewHtml } from '../../../src/vscode/shared/webviewHtml.js';
import { launchBrowser } from '../../e2e/support/browser.mjs';

export const themes = {
  dark: {
    class: 'vscode-dark',
    background: '#1f1f1f',
    foreground: '#cccccc',
    button: '#313131',
    border: '',
    muted: '#9d9d9d',
    warning: '#cca700',
  },
  light: {
    class: 'vscode-light',
    background: '#ffffff',
    foreground: '#3b3b3b',
    button: '#e5e5e5',
    border: '',
    muted: '#3b3b3b',
    warning: '#bf8803',
  },
  'high contrast': {
    class: 'vscode-high-contrast',
    background: '#000000',
    foreground: '#ffffff',
    button: '#000000',
    border: '#6fc3df',
    muted: '#ffffff',
    warning: '#ffd370',
  },
} as const;
export type ThemeName = keyof typeof themes;

export interface Panel {
  readonly page: Page;
  send(message: HostMessage | ExperimentHostMessage): Promise<void>;
  sent(): Promise<(WebviewMessage | ExperimentViewMessage)[]>;
  state(): Promise<PanelState>;
  setTheme(name: ThemeName): Promise<void>;
  /** Uncaught errors, and violations of the security policy. */
  readonly errors: readonly string[];
}

const origin = 'https://panel.test';

class PanelBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly files: ReadonlyMap<string, string>,
  ) {}

  static async launch(): Promise<PanelBrowser> {
    const { outputFiles } = await build({
      entryPoints: {
        webview: 'webview/main.ts',
        'webview-style': 'webview/style.css',
        experiment: 'webview/experimentMain.ts',
        'experiment-style': 'webview/experiment/experiment.css',
      },
      bundle: true,
      format: 'iife',
      target: 'chrome128',
      write: false,
      outdir: 'out',
      logLevel: 'error',
    });
    const files = new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*\//, '/'), text]));
    return new PanelBrowser((await launchBrowser()) as Browser, files);
  }

  /** @param view which of the webviews' documents */
  async open(
    theme: ThemeName = 'dark',
    saved?: unknown,
    language = 'en',
    kept?: unknown,
    view: 'webview' | 'experiment' = 'webview',
  ): Promise<Panel> {
    const page = await this.browser.newPage({ viewport: { width: 1200, height: 800 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      const file = this.files.get(pathname);
      if (file !== undefined) {
        return route.fulfill({
          body: file,
          contentType: pathname.endsWith('.js') ? 'text/javascript' : 'text/css',
        });
      }
      if (pathname !== '/') return route.fulfill({ status: 404 });
      const html = webviewHtml({
        cspSource: origin,
        nonce: 'n0nce',
        script: `${origin}/${view}.js`,
        style: `${origin}/${view}-style.css`,
        language: 'en',
        state: kept,
      });
      const body = html.replace(/<html lang="[^"]*"/, `<html lang="${language}"`);
      return route.fulfill({ body, contentType: 'text/html' });
    });
    await page.addInitScript((state) => {
      const store = { state, sent: [] as unknown[] };
      Object.assign(window, {
        store,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => store.sent.push(message),
          getState: () => store.state,
          setState: (next: unknown) => (store.state = next),
        }),
      });
    }, saved);
    await page.goto(`${origin}/`);
    const setTheme = async (name: ThemeName): Promise<void> => {
      await page.evaluate((next) => {
        const { style } = document.documentElement;
        const set = (key: string, value: string): void => style.setProperty(`--vscode-${key}`, value);
        for (const key of ['editor-background', 'menu-background']) set(key, next.background);
        for (const key of ['editor-foreground', 'foreground', 'menu-foreground']) set(key, next.foreground);
        for (const key of ['panelTitle-activeForeground', 'panelTitle-inactiveForeground'])
          set(key, next.foreground);
        set('descriptionForeground', next.muted);
        set('editorWarning-foreground', next.warning);
        for (const key of ['input-foreground', 'button-secondaryForeground', 'dropdown-foreground'])
          set(key, next.foreground);
        set('dropdown-background', next.background);
        set('dropdown-border', next.border || next.button);
        set('button-secondaryBackground', next.button);
        set('button-border', next.border || 'transparent');
        set('input-background', next.background);
        set('editor-font-family', 'monospace');
        set('editor-font-size', '13px');
        if (next.border === '') style.removeProperty('--vscode-contrastBorder');
        else set('contrastBorder', next.border);
        document.body.className = next.class;
      }, themes[name]);
    };
    await setTheme(theme);
    return {
      page,
      errors,
      setTheme,
      send: (message) =>
        page.evaluate((data) => {
          window.postMessage(data, '*');
        }, message as never),
      sent: () =>
        page.evaluate(() => (window as unknown as { store: { sent: WebviewMessage[] } }).store.sent),
      state: () => page.evaluate(() => (window as unknown as { store: { state: PanelState } }).store.state),
    };
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/**
 * Opens panels for the tests of a file, in one browser. After each test they are closed, and none may have had an
 * uncaught error or violated the security policy.
 */
export function panelsOfTests(): PanelBrowser['open'] {
  let browser: PanelBrowser;
  let opened: Panel[] = [];
  beforeAll(async () => {
    browser = await PanelBrowser.launch();
  }, 60_000);
  afterEach(async () => {
    const panels = opened;
    opened = [];
    for (const { page } of panels) await page.close();
    expect(panels.flatMap(({ errors }) => errors)).toEqual([]);
  });
  afterAll(() => browser.close());
  return async (...args) => {
    const panel = await browser.open(...args);
    opened.push(panel);
    return panel;
  };
}

/** For looking at: kept where HAKMEM_LAB_SCREENSHOTS names a folder. */
export async function keepScreenshot({ page }: Panel, name: string): Promise<void> {
  const folder = process.env.HAKMEM_LAB_SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(' ', '-')}.png` });
}
