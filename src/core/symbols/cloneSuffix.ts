/** gcc and clang name clones `f.constprop.0`, `f.part.0`, `f.isra.0`, `f.cold`, `f.llvm.123`. */
export function stripCloneSuffix(symbol: string): string {
  return symbol.replace(/(\.(constprop|part|isra|cold|lto_priv|llvm|ltopriv)(\.\d+)*)+$/, '');
}
