/** The callers of the selected function, above the graph in the sandwich view. */
import type { TabContext } from '../tab.js';
import type { Theme } from '../../ui/theme.js';
import type { FrameColors } from '../../graph/colors.js';
import { FlameGraph } from '../../graph/flameGraph.js';
import type { ShownFrames } from './frames.js';

export class CallersGraph {
  readonly graph: FlameGraph;
  private frames: ShownFrames | undefined;
  private selected = -1;

  /** @param menu opens the menu of a caller */
  constructor(
    { actions }: TabContext,
    menu: (node: number, x: number, y: number, frames: ShownFrames) => void,
  ) {
    const funcOf = (node: number): number => this.frames?.tree.func(node) ?? -1;
    const openMenu = (node: number, x: number, y: number): void => {
      if (this.frames !== undefined) menu(node, x, y, this.frames);
    };
    this.graph = new FlameGraph(
      {
        moved: () => undefined,
        laidOut: () => undefined,
        zoomed: (node) => {
          this.zoom(node);
        },
        selected: (node) => {
          this.selected = node;
          this.graph.select(node);
        },
        openSource: (node) => {
          if (funcOf(node) >= 0) actions.openSource(funcOf(node));
        },
        menu: openMenu,
        key: (event) => {
          const node = Math.max(0, this.selected);
          if (event.key === 'm' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
            const box = this.graph.element.getBoundingClientRect();
            openMenu(node, box.left + 40, box.top + 40);
          } else if (event.key === 'Enter' && funcOf(node) >= 0) actions.selectFunction(funcOf(node));
          else if (event.key === ' ') this.zoom(node);
          else if (event.key === 'o' && funcOf(node) >= 0) actions.openSource(funcOf(node));
          else if (event.key === 'Home' || event.key === 'Escape') this.zoom(0);
          else return false;
          return true;
        },
      },
      () => undefined,
      'callers',
    );
    this.graph.element.classList.add('flame-callers');
  }

  /** @param frames undefined in views without separate callers; `fresh` if they have changed */
  show(
    model: TabContext['model'],
    frames: ShownFrames | undefined,
    theme: Theme,
    colors: FrameColors,
    fresh: boolean,
  ): void {
    this.frames = frames;
    this.graph.element.hidden = frames === undefined;
    if (fresh) this.selected = -1;
    if (frames === undefined) return;
    const whole = { from: 0, to: frames.tree.total(0) };
    this.graph.show(model, frames.tree, theme, colors, fresh ? whole : this.graph.range);
  }

  private zoom(node: number): void {
    if (this.frames === undefined) return;
    const { tree } = this.frames;
    const from = tree.start(node);
    this.graph.setRange({ from, to: from + tree.total(node) }, node);
  }
}
