/** Frames as text for the clipboard. Pure. */
import { pathTo, type FrameTree } from '../../../src/views/frameTree.js';
import type { PanelModel } from '../../store/panelModel.js';
import { texts as graphTexts, totalAndSelf } from '../../graph/texts.js';

/** A subtree of a million frames would be too large for the clipboard. */
const maxLines = 5000;

function name(model: PanelModel, tree: FrameTree, node: number): string {
  const func = tree.func(node);
  return func >= 0 ? model.data.fullName(func) : node === 0 ? graphTexts.root : model.stepName(func);
}

/** From the frame to the root, one line each, as debuggers print stacks. */
export function stackText(model: PanelModel, tree: FrameTree, node: number): string {
  return pathTo(tree, node)
    .reverse()
    .map((step) => name(model, tree, step))
    .join('\n');
}

/** Indented by depth, each with total and self. */
export function subtreeText(model: PanelModel, tree: FrameTree, top: number): string {
  const lines: string[] = [];
  const open = [top];
  const base = tree.depth(top);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (lines.length === maxLines) {
      lines.push('…');
      break;
    }
    const [total, self] = [tree.total(node), tree.self(node)].map((weight) => model.shown.shareText(weight));
    const shares = totalAndSelf(total ?? '', self ?? '');
    lines.push(`${'  '.repeat(tree.depth(node) - base)}${name(model, tree, node)}  ${shares}`);
    const children: number[] = [];
    tree.place(node, -Infinity, Infinity, 0, {
      frame: (child) => children.push(child),
      strip: () => undefined,
    });
    for (const child of children.reverse()) open.push(child);
  }
  return lines.join('\n');
}
