/** A row of the list of hotspots can be dropped on the panel, to ask what if it cost less. */
import { hotspotDragType } from '../../src/wire/protocol.js';
import { el } from '../ui/dom.js';
import { texts } from './texts.js';

/**
 * VS Code lets a webview see a drag only while Shift is held. A box over the panel takes it, so that what lies below sees
 * nothing of it.
 */
export function acceptHotspots(app: HTMLElement, dropped: () => void): void {
  const box = el('div', { class: 'drop-box' }, texts.dropHotspot);
  box.hidden = true;
  app.append(box);
  window.addEventListener('dragenter', (event) => {
    if (event.dataTransfer?.types.includes(hotspotDragType)) box.hidden = false;
  });
  box.addEventListener('dragover', (event) => {
    // Without it, nothing can be dropped here.
    event.preventDefault();
  });
  box.addEventListener('dragleave', () => {
    box.hidden = true;
  });
  box.addEventListener('drop', (event) => {
    event.preventDefault();
    box.hidden = true;
    dropped();
  });
}
