/** The header's Export button: the picture of the flame graph, or the host's formats. */
import type { Actions } from '../tabs/actions.js';
import { openMenu } from '../ui/menu.js';
import { el } from '../ui/dom.js';
import { texts } from './texts.js';

/** @param showGraph brings the flame graph to the front; the picture shows what is drawn there */
export function exportButton(actions: Actions, showGraph: () => void): HTMLElement {
  const button = el('button', { type: 'button', class: 'tool export' }, texts.exportButton);
  button.addEventListener('click', () => {
    const { left, bottom } = button.getBoundingClientRect();
    const items = [
      {
        label: texts.exportPng,
        act: () => {
          showGraph();
          // Two frames: a newly shown tab is laid out in one and painted in the next.
          requestAnimationFrame(() => requestAnimationFrame(() => void sendPicture(actions)));
        },
      },
      {
        label: texts.exportOther,
        act: () => {
          actions.post({ type: 'export' });
        },
      },
    ];
    openMenu(texts.export, items, left, bottom, () => {
      button.focus();
    });
  });
  button.setAttribute('aria-haspopup', 'menu');
  return button;
}

async function sendPicture(actions: Actions): Promise<void> {
  const all = [...document.querySelectorAll<HTMLCanvasElement>('.flame-canvas')];
  const canvas = all.find((c) => c.width > 0 && c.getClientRects().length > 0);
  const blob = await new Promise<Blob | null>((done) => {
    if (canvas === undefined) done(null);
    else canvas.toBlob(done, 'image/png');
  });
  if (blob === null) actions.announce(texts.noPicture);
  else actions.post({ type: 'savePng', bytes: new Uint8Array(await blob.arrayBuffer()) });
}
