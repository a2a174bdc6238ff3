import path from 'node:path';

/** A function without a name is called after its module, so that its cost is not mixed with others'. */
export function unnamedFunction(module: string | undefined): string {
  if (module === undefined || module === '' || module.startsWith('//')) return '[unknown]';
  return module.startsWith('[') ? module : `[${path.basename(module)}]`;
}
