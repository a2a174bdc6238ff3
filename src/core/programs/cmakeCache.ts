import path from 'node:path';
import { readRegularText } from '../files.js';

/** An entry of CMakeCache.txt: `NAME:TYPE=VALUE`. */
interface CacheEntry {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** How a build folder was configured. */
export interface BuildConfiguration {
  /** As `cmake -G` takes it. */
  readonly generator: string | undefined;
  /** The compilers and the toolchain file, by which build folders can't be told apart later: a change needs a new one. */
  readonly toolchain: string;
  /** A script for `cmake -C` that configures another folder alike. */
  readonly script: string;
}

const entry = /^(?:"([^"\n]+)"|([^#/"\n][^:=\n]*)):([A-Z]+)=(.*)$/gm;
/** Chosen by whoever configures for profiling. */
const own = /^(?:CMAKE_BUILD_TYPE|CMAKE_CONFIGURATION_TYPES|CMAKE_(?:C|CXX)_FLAGS_RELWITHDEBINFO)$/;
/** What a user, a kit, or a preset may have set; the others are CMake's own. */
const settable = new Set(['BOOL', 'STRING', 'PATH', 'FILEPATH', 'UNINITIALIZED']);

/** Undefined for a folder that isn't configured. */
export async function readConfiguration(buildFolder: string): Promise<BuildConfiguration | undefined> {
  const text = await readRegularText(path.join(buildFolder, 'CMakeCache.txt')).catch(() => undefined);
  if (text === undefined) return undefined;
  const entries = [...text.matchAll(entry)].map(
    ([, quoted, plain = '', type = '', value = '']): CacheEntry => ({ name: quoted ?? plain, type, value }),
  );
  const value = (name: string) => entries.find((one) => one.name === name)?.value;
  const inside = (text: string) => text === buildFolder || text.includes(buildFolder + path.sep);
  const kept = entries.filter(
    (one) =>
      settable.has(one.type) && !own.test(one.name) && !inside(one.value) && !one.value.endsWith('-NOTFOUND'),
  );
  return {
    generator: value('CMAKE_GENERATOR'),
    toolchain: ['CMAKE_C_COMPILER', 'CMAKE_CXX_COMPILER', 'CMAKE_TOOLCHAIN_FILE']
      .map((name) => value(name) ?? '')
      .join('\n'),
    script: kept
      .map((one) => `set(${bracketed(one.name)} ${bracketed(one.value)} CACHE ${typeOf(one)} "")\n`)
      .join(''),
  };
}

const typeOf = ({ type }: CacheEntry) => (type === 'UNINITIALIZED' ? 'STRING' : type);

/** Text of which CMake interprets nothing (cmake-language(7), "Bracket Argument"). */
function bracketed(text: string): string {
  let fence = '=';
  while (text.includes(`]${fence}]`)) fence += '=';
  return `[${fence}[${text}]${fence}]`;
}
