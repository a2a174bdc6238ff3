/**
 * An archive of one run for another machine: a gzipped tar, so that any tar shows what is in it.
 *
 *     hakmem-lab-run.json           the run, as the store saves it; the first entry, by which an archive is recognized
 *     profile.bin.gz                its profile, as the store saves it
 *     sources/ID/NAME               profiled source files by the ID of their content (`sourceId`)
 *     .build-id/XX/YYYY             programs by build ID
 *     .build-id/XX/YYYY.debug       and their separate debug information
 *     .build-id/XX/YYYY[.debug].dwp  and what the compiler split from either
 *     programs/HASH/NAME            programs without a build ID, by the SHA-1 of their path
 */
export const packEnding = '.hakmem-lab.tgz';
export const runEntry = 'hakmem-lab-run.json';
export const profileEntry = 'profile.bin.gz';

/** Of build IDs, as linkers make them: 4 to 64 bytes. */
const buildIdName = /^\.build-id\/[0-9a-f]{2}\/[0-9a-f]{6,126}(\.debug)?(\.dwp)?$/;
const hashedName = /^(sources|programs)\/[0-9a-f]{40}\/[^/\0]{1,255}$/;

export function sourceEntry(id: string, file: string): string {
  return `sources/${id}/${file.split('/').at(-1)}`;
}

/**
 * Undefined for an ID that no linker makes.
 * @param ending of the kind of file: '', '.debug', '.dwp', '.debug.dwp'
 */
export function programEntry(buildId: string, ending: string): string | undefined {
  const name = `.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}${ending}`;
  return buildIdName.test(name) ? name : undefined;
}

/** Whether an entry is one of the files that are unpacked. All other names are left alone: they could lead anywhere. */
export function isPackedFile(name: string): boolean {
  return buildIdName.test(name) || (hashedName.test(name) && !/\/\.{1,2}$/.test(name));
}

/** By the first bytes of the tar, unpacked: its first header has the name at 0 and the mark of the format at 257 (POSIX ustar). */
export function isPack(head: Buffer): boolean {
  return (
    head.toString('latin1', 257, 262) === 'ustar' &&
    head.toString('latin1', 0, 32).split('\0')[0] === runEntry
  );
}
