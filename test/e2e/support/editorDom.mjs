// Reads a text editor's elements. These functions run in the page, so each is complete in itself.
/* global HTMLCanvasElement, NodeFilter */

/** @param {Element} root @returns {import('./editor.mjs').LineAnnotation[]} */
export function readLines(root) {
  const editor = root.querySelector('.editor-instance .monaco-editor');
  if (!editor) throw new Error('there is no text editor');
  const area = editor.getBoundingClientRect();
  const top = (/** @type {Element} */ element) => Math.round(element.getBoundingClientRect().top);
  const unquote = (/** @type {string} */ css) =>
    css
      .replace(/^"|"$/g, '')
      .replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, hex, plain) =>
        hex ? String.fromCodePoint(parseInt(hex, 16)) : plain,
      );

  const numbers = new Map(
    [...editor.querySelectorAll('.margin-view-overlays > div')].map((row) => [
      top(row),
      Number(row.querySelector('.line-numbers')?.textContent),
    ]),
  );
  /** @type {Map<number, string>} */
  const backgrounds = new Map();
  for (const mark of editor.querySelectorAll('.view-overlays .cdr[class*="ced-"]')) {
    const color = getComputedStyle(mark).backgroundColor;
    if (color !== 'rgba(0, 0, 0, 0)') backgrounds.set(top(mark.parentElement ?? mark), color);
  }

  return [...editor.querySelectorAll('.view-lines > .view-line')]
    .filter((line) => top(line) >= area.top - 1 && top(line) < area.bottom)
    .sort((a, b) => top(a) - top(b))
    .map((line) => ({
      lineNumber: numbers.get(top(line)) ?? NaN,
      text: (line.textContent ?? '').replaceAll('\u00a0', ' ').replaceAll('\u200b', ''),
      after: [...line.querySelectorAll('[class*="ced-"]')]
        .map((element) => getComputedStyle(element, '::after').content)
        .filter((content) => content.startsWith('"'))
        .map((content) => unquote(content).replaceAll('\u00a0', ' ')),
      background: backgrounds.get(top(line)),
    }));
}

/**
 * Runs of one color down the canvas; what reaches over half of it is background or border, not a mark.
 * @param {Element} canvas
 * @returns {{ color: string, from: number, to: number }[]}
 */
export function readRuler(canvas) {
  if (!(canvas instanceof HTMLCanvasElement)) throw new Error('the overview ruler is not a canvas');
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  const marks = [];
  /** @type {Map<string, number>} */
  let open = new Map();
  for (let y = 0; y <= height; y++) {
    const here = new Map();
    for (let x = 0; x < width && y < height; x++) {
      const i = (y * width + x) * 4;
      if (pixels[i + 3] === 0) continue;
      const color = `rgb(${pixels[i]}, ${pixels[i + 1]}, ${pixels[i + 2]})`;
      here.set(color, open.get(color) ?? y);
    }
    for (const [color, from] of open) {
      if (!here.has(color) && y - from < height / 2)
        marks.push({ color, from: from / height, to: y / height });
    }
    open = here;
  }
  return marks;
}

/** @param {Element} root @param {{ line: number, text?: string }} wanted */
export function pointOn(root, { line, text }) {
  const number = [...root.querySelectorAll('.margin-view-overlays .line-numbers')].find(
    (element) => Number(element.textContent) === line,
  );
  if (!number) throw new Error(`line ${line} is not in view`);
  const top = Math.round((number.parentElement ?? number).getBoundingClientRect().top);
  const row = [...root.querySelectorAll('.view-lines > .view-line')].find(
    (element) => Math.round(element.getBoundingClientRect().top) === top,
  );
  if (!row) throw new Error(`line ${line} is not drawn`);
  const middle = (/** @type {DOMRect} */ box) => ({
    x: box.x + Math.min(box.width / 2, 20),
    y: box.y + box.height / 2,
  });
  if (text === undefined) {
    const after = [...row.querySelectorAll('[class*="ced-"]')].find((element) =>
      getComputedStyle(element, '::after').content.startsWith('"'),
    );
    if (!after) throw new Error(`line ${line} has no after-text`);
    return middle(after.getBoundingClientRect());
  }
  const start = (row.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(text);
  if (start < 0) throw new Error(`line ${line} does not contain "${text}"`);
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (start < passed + length) {
      const range = document.createRange();
      range.setStart(node, start - passed);
      range.setEnd(node, Math.min(length, start - passed + 1));
      return middle(range.getBoundingClientRect());
    }
    passed += length;
  }
  throw new Error(`"${text}" is not drawn on line ${line}`);
}
