// In the place of an agent in the editor: answers a request on a socket with what a tool answers to its input.
import http from 'node:http';
import * as vscode from 'vscode';

export function activate() {
  const server = http.createServer(async (request, response) => {
    let given = '';
    for await (const piece of request.setEncoding('utf8')) given += piece;
    response.end(JSON.stringify(await answer(JSON.parse(given))));
  });
  server.listen(process.env.TOOL_CALLER_SOCKET);
}

/**
 * @param {{ name?: string, input: object }} request without a name, it lists the tools
 * @returns {Promise<unknown>}
 */
async function answer({ name, input }) {
  if (name === undefined) return vscode.lm.tools.map((tool) => tool.name);
  try {
    const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    return { text: content.map((part) => /** @type {vscode.LanguageModelTextPart} */ (part).value).join('') };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
