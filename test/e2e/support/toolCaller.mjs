// A second extension in the window that invokes tools as an agent in the editor does.
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Packages the extension: VS Code loads only what was installed.
 * @param {string} folder where the package is written, and where the socket is
 */
export async function toolCaller(folder) {
  const { createVSIX } = require('@vscode/vsce');
  const vsix = path.join(folder, 'tool-caller.vsix');
  await createVSIX({
    cwd: path.join(import.meta.dirname, 'toolCaller'),
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  const socket = path.join(folder, 'tools.sock');

  /** @param {object} request @returns {Promise<any>} */
  const ask = (request) =>
    new Promise((resolve, reject) => {
      const sent = http.request({ socketPath: socket, method: 'POST' }, async (response) => {
        let text = '';
        for await (const piece of response) text += piece;
        resolve(JSON.parse(text));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(request));
    });

  return {
    vsix,
    env: { TOOL_CALLER_SOCKET: socket },
    /** Names of all tools in the window. @returns {Promise<string[]>} */
    tools: () => ask({}),
    /** @param {string} name @param {object} [input] @returns {Promise<{ text?: string, error?: string }>} */
    invoke: (name, input = {}) => ask({ name, input }),
  };
}
