import { shortName } from '../../text/names.js';

/**
 * The part of a program that a function belongs to by itself: its outermost namespace (a crate in Rust), else its
 * module, without folder and version. Undefined for memory of a process, and where neither is known.
 */
export function originOf(name: string, module: string): string | undefined {
  const namespace = /^<?(?:impl )?&?(?:mut )?([A-Za-z_]\w*)::/.exec(shortName(name))?.[1];
  if (namespace !== undefined) return `${namespace}::`;
  if (!module.startsWith('/') || module.startsWith('//') || module.startsWith('/memfd:')) return undefined;
  return module
    .slice(module.lastIndexOf('/') + 1)
    .replace(/(\.so)[.\d]*$/, '$1')
    .replace(/ \(deleted\)$/, '');
}
