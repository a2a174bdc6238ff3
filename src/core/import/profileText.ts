/** How far into a text its format shows. */
export const TEXT_HEAD = 1 << 14;

/** A header and the first frame of its stack, as `perf script` writes them. */
const perfScript = /^\S.*\s\d+\.\d+:\s.*:\s*\n\t\s*[0-9a-f]{1,16} /m;
const others = [
  /^# Samples: .* of events? '/m,
  /^# callgrind format/,
  /** Of V8: the sampled nodes come first. */
  /^\s*\{\s*"nodes"\s*:\s*\[\s*\{[^]*"callFrame"\s*:/,
  /** Of the Firefox Profiler. */
  /^\s*\{[^]*"(preprocessedProfileVersion|geckoProfileVersion|markerSchema)"\s*:/,
  /^\s*\{[^]*"traceEvents"\s*:\s*\[/,
  /^\s*\{[^]*speedscope\.app\/file-format-schema\.json"/,
];

/**
 * Whether a text is surely a profile, whatever its file is called: stricter than `detectFormat`, which is asked about
 * files that someone said are profiles.
 * @param head the first `TEXT_HEAD` characters
 */
export function isProfileText(head: string): boolean {
  return [perfScript, ...others].some((pattern) => pattern.test(head));
}
