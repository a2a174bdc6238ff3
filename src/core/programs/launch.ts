import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { parse as parseJsonc, type ParseError } from 'jsonc-parser';
import * as z from '../zod.js';
import { readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';
import type { CommandLine } from '../process/commandLine.js';
import { shellWords } from '../process/shellWords.js';

const words = z.union([z.string(), z.array(z.string())]);
const variables = z.union([
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  z.array(z.union([z.string(), z.object({ name: z.string(), value: z.string() })])),
]);

/** What the debuggers for native programs agree on, each in its own words. */
const configurationSchema = z.object({
  type: z.string(),
  name: z.string(),
  request: z.optional(z.string()),
  program: z.optional(z.string()),
  /** Native Debug names the program so. */
  target: z.optional(z.string()),
  args: z.optional(words),
  arguments: z.optional(words),
  cwd: z.optional(z.string()),
  env: z.optional(variables),
  environment: z.optional(variables),
  envFile: z.optional(z.string()),
  /** CodeLLDB: one file for all, or one each for input, output, and errors. */
  stdio: z.optional(z.union([z.string(), z.null(), z.array(z.union([z.string(), z.null()]))])),
  preLaunchTask: z.optional(z.string()),
});

/** Microsoft C/C++, LLVM's adapter under both of its names, CodeLLDB, and GDB's own. */
const launchTypes = new Set(['cppdbg', 'lldb-dap', 'lldb-vscode', 'lldb', 'gdb']);

/** A configuration of launch.json that starts a native program. Its texts may hold variables. */
export type LaunchConfiguration = z.infer<typeof configurationSchema>;

/** What a launch configuration starts. */
export interface LaunchedProgram extends CommandLine {
  readonly name: string;
  readonly cwd: string;
  readonly preLaunchTask?: string;
}

/** The value of `${name}` or `${name:argument}`; undefined for a variable that has none here. */
export type Resolve = (name: string, argument: string) => Promise<string | undefined>;

/** @throws LabError `read-failed` */
export async function readLaunchConfigurations(file: string): Promise<LaunchConfiguration[]> {
  let text: string;
  try {
    text = await readRegularText(file);
  } catch (cause) {
    throw unreadable(file, messageOf(cause));
  }
  return parseLaunchConfigurations(text, file);
}

/** Configurations of other debuggers, and those that attach, are left out. @throws LabError `read-failed` */
export function parseLaunchConfigurations(text: string, file: string): LaunchConfiguration[] {
  const errors: ParseError[] = [];
  const json: unknown = parseJsonc(text, errors, { allowTrailingComma: true });
  const parsed = z.object({ configurations: z.array(z.unknown()) }).safeParse(json);
  if (!parsed.success) throw unreadable(file, 'It has no list of configurations.');
  return parsed.data.configurations.flatMap((one) => {
    const configuration = configurationSchema.safeParse(one);
    if (!configuration.success) return [];
    const { type, request, program, target } = configuration.data;
    const launches = launchTypes.has(type) && (request ?? 'launch') === 'launch';
    return launches && (program ?? target) !== undefined ? [configuration.data] : [];
  });
}

/** @throws LabError `read-failed`, `command-line`, `program-missing` for a variable without a value */
export async function resolveLaunch(
  configuration: LaunchConfiguration,
  folder: string,
  resolve: Resolve,
): Promise<LaunchedProgram> {
  const text = (value: string) => substitute(value, folder, resolve);
  const { name, cwd = folder, envFile, preLaunchTask, stdio } = configuration;
  const given = configuration.args ?? configuration.arguments ?? [];
  const args: string[] = [];
  for (const word of typeof given === 'string' ? shellWords(given) : given) args.push(await text(word));
  const environment: Record<string, string> = {};
  if (envFile !== undefined) Object.assign(environment, await readEnvironment(await text(envFile)));
  for (const [variable, value] of pairs(configuration.env ?? configuration.environment ?? {}))
    environment[variable] = await text(value);
  const input = Array.isArray(stdio) ? stdio[0] : stdio;
  return {
    name,
    program: await text(configuration.program ?? configuration.target ?? ''),
    args,
    environment,
    cwd: path.resolve(folder, await text(cwd)),
    ...(typeof input === 'string' ? { stdin: await text(input) } : {}),
    ...(preLaunchTask === undefined ? {} : { preLaunchTask: await text(preLaunchTask) }),
  };
}

function pairs(given: z.infer<typeof variables>): [string, string][] {
  if (!Array.isArray(given))
    return Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  return given.map((one) => {
    if (typeof one !== 'string') return [one.name, one.value];
    const at = one.indexOf('=');
    return at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
  });
}

async function readEnvironment(file: string): Promise<Record<string, string>> {
  try {
    return Object.fromEntries(
      Object.entries(parseEnv(await readRegularText(file))).map(([name, value]) => [name, value ?? '']),
    );
  } catch (cause) {
    throw unreadable(file, messageOf(cause));
  }
}

/** Replaces the variables that VS Code has in launch.json (Variables Reference). */
async function substitute(value: string, folder: string, resolve: Resolve): Promise<string> {
  let result = '';
  let from = 0;
  for (const match of value.matchAll(/\$\{([\w.]+)(?::([^}]*))?\}/g)) {
    const [whole, name = '', argument = ''] = match;
    const found = known(name, argument, folder) ?? (await resolve(name, argument));
    if (found === undefined) {
      throw new LabError(
        'program-missing',
        `The launch configuration uses ${whole}, which has no value here.`,
        {
          remedy: { text: 'Start it from the editor, or write the value into the configuration.' },
        },
      );
    }
    result += value.slice(from, match.index) + found;
    from = match.index + whole.length;
  }
  return result + value.slice(from);
}

function known(name: string, argument: string, folder: string): string | undefined {
  switch (name) {
    case 'workspaceFolder':
    case 'workspaceRoot':
      return argument === '' || argument === path.basename(folder) ? folder : undefined;
    case 'workspaceFolderBasename':
      return path.basename(folder);
    case 'userHome':
      return os.homedir();
    case 'cwd':
      return folder;
    case 'pathSeparator':
      return path.sep;
    case 'env':
      return process.env[argument] ?? '';
    default:
      return undefined;
  }
}

function unreadable(file: string, detail: string): LabError {
  return new LabError('read-failed', `${file} can't be read.`, {
    detail,
    remedy: { text: 'Correct the file, then try again.' },
  });
}
