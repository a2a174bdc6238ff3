const suffixes = String.raw`(\.(constprop|part|isra|cold|lto_priv|llvm|ltopriv)(\.\d+)*)+`;
const pattern = new RegExp(String.raw`(${suffixes}| \[clone ${suffixes}\])+$`);

/**
 * gcc and clang name clones `f.constprop.0`, `f.part.0`, `f.isra.0`, `f.cold`, `f.llvm.123`; demanglers make
 * `f(int) [clone .cold]` of it.
 */
export function stripCloneSuffix(symbol: string): string {
  return symbol.replace(pattern, '');
}
