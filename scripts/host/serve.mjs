// Runs VS Code for the browser on a folder, and ends it without leaving a process behind.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ensureHost } from './install.mjs';
import { MARKER, endMarked, signalMarked } from './processes.mjs';
import { cleanSettings } from './settings.mjs';

const endWithParent = new URL('./end-with-parent.mjs', import.meta.url).href;

/**
 * @typedef {object} HostOptions
 * @property {string} folder the folder the window opens
 * @property {string} extensionsDir where extensions are installed
 * @property {string} userDataDir settings, state and logs
 * @property {string} [vsix] a packaged extension to install first
 * @property {string[]} [others] and more of them
 * @property {number} [port] 0 takes a free one
 * @property {boolean} [trust] whether Workspace Trust is in force; without it every folder is trusted
 * @property {Record<string, unknown>} [settings] user settings on top of those for a clean window
 * @property {Record<string, string | undefined>} [env] additions to the environment of the extension host
 * @property {(line: string) => void} [log]
 */

/**
 * @param {HostOptions} options
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void>, exited: Promise<void>, output: () => string }>}
 *   `url` opens the folder; `stop` resolves when every process is gone; `exited` resolves when the
 *   server ends, asked to or not; `output` is the end of what the server printed
 */
export async function startHost(options) {
  const {
    folder,
    extensionsDir,
    userDataDir,
    vsix,
    others = [],
    port = 0,
    trust = false,
    settings = {},
    env = {},
    log = () => {},
  } = options;
  const entry = await ensureHost({ log });
  await mkdir(extensionsDir, { recursive: true });
  await writeSettings(userDataDir, { ...settings, 'security.workspace.trust.enabled': trust }, log);

  const mark = randomUUID();
  // Its default lies in the user data folder, whose path may be too long for a socket.
  const socket = path.join(os.tmpdir(), `hakmem-lab-${mark.slice(0, 8)}.sock`);
  const common = [
    '--extensions-dir',
    extensionsDir,
    '--user-data-dir',
    userDataDir,
    '--config',
    path.join(userDataDir, 'code-server.yaml'),
  ];
  const spawnOptions = { env: hostEnvironment(env, mark), extendEnv: false, cwd: folder };

  const extensions = [...(vsix ? [vsix] : []), ...others];
  if (extensions.length > 0) {
    const names = extensions.map((file) => path.basename(file)).join(', ');
    log(`Installing ${names}`);
    const installed = await execa(
      process.execPath,
      [
        ...[entry, ...common],
        ...extensions.flatMap((file) => ['--install-extension', path.resolve(file)]),
        '--force',
      ],
      {
        ...spawnOptions,
        stdin: 'ignore',
        all: true,
        reject: false,
        timeout: 60_000,
      },
    );
    if (installed.failed) {
      throw new Error(
        `VS Code refused ${names}: ${installed.shortMessage}\n${installed.all}\nPackage it again and look at what vsce prints.`,
      );
    }
  }

  const server = execa(
    process.execPath,
    [
      ...['--import', endWithParent, entry, ...common],
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--session-socket', socket],
      ...[
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-getting-started-override',
        '--disable-proxy',
      ],
      ...(trust ? [] : ['--disable-workspace-trust']),
      folder,
    ],
    // In a group of its own: Ctrl-C reaches this process alone, which then ends the server in order.
    {
      ...spawnOptions,
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );

  /** @type {string[]} */
  const lines = [];
  const output = () => lines.join('\n');
  const exited = server.then(() => {});

  /** @type {Promise<void> | undefined} */
  let stopping;
  const stop = () =>
    (stopping ??= endMarked(mark)
      .then(() => exited)
      .finally(() => {
        release();
        rmSync(socket, { force: true });
      }));
  const release = endWithThisProcess(stop, () => {
    signalMarked(mark, 'SIGKILL');
    rmSync(socket, { force: true });
  });

  try {
    const actual = await listening([server.stdout, server.stderr], server.then(ending), lines, output);
    const url = `http://127.0.0.1:${actual}/?folder=${encodeURIComponent(path.resolve(folder)).replaceAll('%2F', '/')}`;
    log(`VS Code is listening on ${url}`);
    return { url, port: actual, stop, exited, output };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Resolves to the port once the server says that it listens.
 * @param {import('node:stream').Readable[]} streams
 * @param {Promise<string>} ended how the server ended, if it does
 * @param {string[]} lines receives the end of the output
 * @param {() => string} output
 * @returns {Promise<number>}
 */
function listening(streams, ended, lines, output) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ what) =>
      reject(
        new Error(
          `VS Code for the browser did not start: ${what}\n${output()}\nIf this goes on, remove .vscode-test and run the command again.`,
        ),
      );
    const timer = setTimeout(() => fail('it did not answer within 60 s'), 60_000);
    ended.then((how) => {
      clearTimeout(timer);
      fail(how);
    });
    const read = (/** @type {Buffer} */ data) => {
      for (const line of data.toString().split('\n').filter(Boolean)) {
        lines.push(line);
        if (lines.length > 200) lines.shift();
        const port = /HTTP server listening on http:\/\/[^/]*:(\d+)/.exec(line)?.[1];
        if (!port) continue;
        clearTimeout(timer);
        resolve(Number(port));
      }
    };
    for (const stream of streams) stream.on('data', read);
  });
}

/** @param {{ exitCode?: number, signal?: string }} result */
function ending({ exitCode, signal }) {
  return signal ? `it was ended by ${signal}` : `it ended with status ${exitCode}`;
}

/**
 * Ties the server's life to this process; returns what unties it.
 * @param {() => Promise<void>} stop
 * @param {() => void} kill synchronous, for the last moment
 */
function endWithThisProcess(stop, kill) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const onSignal = async (/** @type {NodeJS.Signals} */ signal) => {
    await stop().catch(() => {});
    // Whoever else listens decides how this process ends; if nobody does, as it would have.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  process.on('exit', kill);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('exit', kill);
  };
}

/**
 * The environment without what would make the server talk to a VS Code around it, bind elsewhere,
 * or ask for a password.
 * @param {Record<string, string | undefined>} additions
 * @param {string} mark
 */
function hostEnvironment(additions, mark) {
  const env = Object.entries(process.env).filter(
    ([name]) =>
      !/^(VSCODE_|ELECTRON_|CODE_SERVER_|CS_DISABLE_|npm_)/.test(name) &&
      !['PORT', 'PASSWORD', 'HASHED_PASSWORD', 'NODE_OPTIONS'].includes(name),
  );
  return {
    ...Object.fromEntries(env),
    ...additions,
    [MARKER]: mark,
    LAB_HOST_PARENT: String(process.pid),
  };
}

/**
 * Settings already there stay, so that a window used again keeps its look.
 * @param {string} userDataDir
 * @param {Record<string, unknown>} settings
 * @param {(line: string) => void} log
 */
async function writeSettings(userDataDir, settings, log) {
  const file = path.join(userDataDir, 'User/settings.json');
  await mkdir(path.dirname(file), { recursive: true });
  const text = await readFile(file, 'utf8').catch(() => '{}');
  let present;
  try {
    present = JSON.parse(text);
  } catch {
    log(`${file} has comments or is broken: left as it is`);
    return;
  }
  await writeFile(file, `${JSON.stringify({ ...cleanSettings, ...present, ...settings }, undefined, 2)}\n`);
}
