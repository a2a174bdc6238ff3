import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../files.js';

/** Where Meson keeps what a build folder was configured with. */
const commandLine = path.join('meson-private', 'cmd_line.txt');

/** Chosen by whoever configures for profiling. */
const own = new Set(['buildtype', 'debug', 'optimization']);

/**
 * Options with which the user has configured the project: without them, it may ask for what isn't installed.
 * @param flags for the compilers, which come after those of the user
 * @returns arguments for `meson setup`. Of several build folders in the project's, the newest counts
 */
export async function mesonOptions(folder: string, flags: string): Promise<string[]> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = path.join(folder, name, commandLine);
      const time = await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      );
      return time === undefined ? [] : [{ file, time }];
    }),
  );
  const [newest] = found.flat().sort((a, b) => b.time - a.time);
  const text = newest ? await readRegularText(newest.file).catch(() => '') : '';
  const options = new Map(optionsIn(text).filter(([name]) => !own.has(name)));
  for (const name of ['c_args', 'cpp_args']) options.set(name, withFlags(options.get(name), flags));
  return [...options].map(([name, value]) => `-D${name}=${value}`);
}

/** The section `[options]` of the file, which Python's configparser writes. */
function optionsIn(text: string): [name: string, value: string][] {
  const [, section = ''] = text.split(/^\[options\]$/m);
  const [options = ''] = section.split(/^\[\w+\]$/m);
  return [...options.matchAll(/^([^\s=#;][^=\n]*?) *=[ \t]*(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
}

/** Meson takes a list as one of Python, or as words. */
function withFlags(value: string | undefined, flags: string): string {
  if (value === undefined || value.trim() === '' || value.trim() === '[]') return flags;
  return value.endsWith(']') ? `${value.slice(0, -1)}, '${flags}']` : `${value} ${flags}`;
}
