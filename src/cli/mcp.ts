import { agentTools } from '../core/agents/tools.js';
import type { TaskContext } from '../core/context.js';
import { errorText } from '../core/labError.js';
import { escapedLines } from '../text/printable.js';
import type { Laboratory } from '../core/laboratory.js';
import { McpServer, StdioServerTransport } from './agentProtocol.js';

interface ServerOptions {
  readonly version: string;
  /** Whether tools that execute programs are offered. */
  readonly allowRun: boolean;
}

/** What a language model reads before it chooses a tool. */
const instructions = [
  'Profiles of native programs, recorded with perf or callgrind.',
  'Start with list_runs and profile_summary, then hottest_functions and hottest_lines; a tool without a run uses the newest profile.',
  'Figures come with units and 95% intervals: two whose intervals overlap may be equal. What was not measured is said to be missing; never estimate it.',
].join(' ');

/** Serves the Model Context Protocol on standard input and output until the client closes it. */
export async function serveAgents(
  laboratory: Laboratory,
  { version, allowRun }: ServerOptions,
  context: TaskContext,
): Promise<void> {
  const server = new McpServer({ name: 'hakmem-lab', version }, { instructions });
  for (const tool of agentTools) {
    if (tool.executes && !allowRun) continue;
    server.registerTool(
      tool.name,
      {
        description: tool.description,
        inputSchema: tool.input,
        annotations: { readOnlyHint: !tool.executes, openWorldHint: false },
      },
      async (input: Record<string, unknown>, { signal }: { readonly signal: AbortSignal }) => {
        try {
          const text = await tool.answer(laboratory, input, { ...context, signal });
          return { content: [{ type: 'text' as const, text }] };
        } catch (error) {
          return {
            content: [{ type: 'text' as const, text: escapedLines(errorText(error)) }],
            isError: true,
          };
        }
      },
    );
  }
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once('end', resolve);
    context.signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}
