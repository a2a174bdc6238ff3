/** Texts about the frames of a graph. */

export const texts = {
  root: 'all',
  flameGraph: 'Flame graph',
  callers: 'Callers',
  flameGraphKeys:
    'Arrow keys move between frames, Enter zooms in, Escape zooms out, O opens the source, slash searches, question mark lists all keys.',
  callersKeys:
    'Arrow keys move between frames, Enter shows the callers of that function, Space zooms in, Escape zooms out, O opens the source.',
  narrow: 'Frames too narrow to draw',
  facts: {
    category: 'Category',
    total: 'Total',
    self: 'Self',
    when: 'When',
    allFrames: 'All frames of this function',
    inlinedInto: 'Inlined into',
    hottestLine: 'Hottest line',
    definedAt: 'Defined at',
    module: 'Module',
    calledBy: 'Called by',
    together: 'Combined',
  },
  inlined: 'inlined',
} as const;

/** Frames of groups without a color of their own. */
export const restOf = {
  category: 'Other',
  namespace: 'other namespaces',
  file: 'other files',
  module: 'other modules',
  function: 'other functions',
} as const;

export const totalAndSelf = (total: string, self: string): string => `total ${total}, self ${self}`;
