/** A function without a name is named after its module, so that costs of different modules stay apart. */
export function unnamedFunction(module: string | undefined): string {
  if (module === undefined || module === '' || module.startsWith('//')) return '[unknown]';
  return module.startsWith('[') ? module : `[${module.slice(module.lastIndexOf('/') + 1)}]`;
}
