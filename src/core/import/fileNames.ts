/**
 * Names that only profiles have. `package.json` offers the same ones for opening by a double click; a test compares the
 * two.
 */
const profileNames = [
  /^perf\.data(\.old)?$/,
  /\.perf\.data$/,
  /\.(folded|collapsed)$/,
  /\.speedscope\.json$/,
  /^(call|cache)grind\.out\./,
  /\.(pprof|pb\.gz)$/,
  /\.hakmem-lab\.tgz$/,
];

export function isProfileName(name: string): boolean {
  return profileNames.some((pattern) => pattern.test(name));
}
