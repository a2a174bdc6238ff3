/** Texts of several tabs. */

export const functionKeys =
  'Arrow keys move between rows, Enter goes to the source, Space shows the function in the flame graph.';

export const showInFlameGraph = (name: string): string => `Show ${name} in the flame graph`;
export const goToSource = (file: string): string => `Go to source: ${file}`;
