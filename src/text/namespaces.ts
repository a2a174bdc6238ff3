/** The namespace, crate or package in a function's name. Pure. */

/** What compilers append to names of C functions: no members of a package. */
const suffixes = /^(?:part|constprop|isra|cold|lto_priv|llvm|localalias|str|\d.*)$/;
const goName = /^((?:[\w.~-]+\/)*[A-Za-z_][\w-]*)\.(?=[(\w])([^.(]*)/;

/** The outermost one: `std` of `std::vector<…>::push_back`, `net/http` of Go's `net/http.(*conn).serve`; empty for none. */
export function namespaceOf(name: string): string {
  // Rust's `<alloc::vec::Vec<T> as Drop>::drop` belongs to what implements it.
  const text = name.startsWith('<') ? name.slice(1) : name;
  const qualified = /^(?:\{anonymous\}::)*([A-Za-z_]\w*)(?:<[^:]*>)?::/.exec(text);
  if (qualified) return qualified[1] ?? '';
  const packaged = goName.exec(text);
  return packaged === null || suffixes.test(packaged[2] ?? '') ? '' : (packaged[1] ?? '');
}
