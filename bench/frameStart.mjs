// What Chromium alone takes for the frames of a webview, without VS Code: the limit of bench/opening.mjs.
// A webview in the browser is a frame whose service worker has an address of its own; when it has control, the frame opens
// another one on the same folder (VS Code's webview/browser/pre/index.html).
// usage: node bench/frameStart.mjs [ROUNDS]
//   The first frame finds no service worker. Each other one replaces that of the frame before, which is closed or not.
import http from 'node:http';
import { launchBrowser } from '../test/e2e/support/browser.mjs';

const worker = `
  addEventListener('install', (event) => event.waitUntil(skipWaiting()));
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', () => {});`;

const outer = `<body><script>
  const started = performance.now();
  const id = new URL(location).searchParams.get('id');
  const open = () => {
    const controlled = performance.now() - started;
    const inner = document.createElement('iframe');
    inner.src = 'inner.html?id=' + id;
    document.body.append(inner);
    inner.contentWindow.addEventListener('DOMContentLoaded', () =>
      parent.postMessage({ controlled, document: performance.now() - started }));
  };
  navigator.serviceWorker.addEventListener('controllerchange', open, { once: true });
  navigator.serviceWorker.register('worker.js?id=' + id);
</script>`;

const pages = {
  '/': '<body>',
  '/webview/outer.html': outer,
  '/webview/inner.html': '<body>',
  '/webview/worker.js': worker,
};

const server = http.createServer(({ url }, response) => {
  const { pathname } = new URL(url, 'http://localhost');
  const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
  response.setHeader('content-type', type).end(pages[pathname] ?? '');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const rounds = Number(process.argv[2] ?? 5);
  for (let id = 0; id < rounds; id++) {
    const isClosed = id % 2 === 1;
    if (isClosed) await page.evaluate(() => document.querySelector('iframe')?.remove());
    const { controlled, document } = await page.evaluate(openFrame, id);
    const kind = id === 0 ? 'first' : isClosed ? 'after one was closed' : 'beside another';
    console.log(
      `${kind.padEnd(20)} in control after ${controlled.toFixed(0)} ms, its document after ${document.toFixed(0)} ms`,
    );
  }
} finally {
  await browser.close();
  server.close();
}

/** @param {number} id @returns {Promise<{ controlled: number, document: number }>} milliseconds from the frame's start */
function openFrame(id) {
  return new Promise((resolve) => {
    window.addEventListener('message', ({ data }) => resolve(data), { once: true });
    const frame = document.createElement('iframe');
    frame.src = `webview/outer.html?id=${id}`;
    document.body.append(frame);
  });
}
