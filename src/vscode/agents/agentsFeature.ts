import * as vscode from 'vscode';
import type { AgentTool } from '../../core/agents/tool.js';
import { agentTools } from '../../core/agents/tools.js';
import type { TaskContext } from '../../core/context.js';
import { errorText } from '../../core/labError.js';
import { formatCommandLine } from '../../core/process/commandLine.js';
import type { Laboratory } from '../../core/laboratory.js';
import { printable } from '../../text/printable.js';
import { escapeMarkdown } from '../../text/markdown.js';
import type { LabService } from '../labs/labService.js';
import type { Measurements } from '../runs/execution/measurements.js';

interface Parts {
  readonly labs: LabService;
  readonly measurements: Measurements;
  readonly log: vscode.LogOutputChannel;
}

type Input = Record<string, unknown>;

/** Before the names of tools: they are one list with those of all extensions. */
const prefix = 'hakmemLab_';

/** The tools of `hakmem-lab mcp`, for language models in the editor. What executes programs asks before it does. */
export function registerAgentTools(context: vscode.ExtensionContext, parts: Parts): void {
  // Editors that are built on VS Code may lack it.
  if (!('lm' in vscode) || typeof vscode.lm.registerTool !== 'function') return;
  for (const tool of agentTools)
    context.subscriptions.push(vscode.lm.registerTool(prefix + tool.name, toolFor(tool, parts)));
}

function toolFor(tool: AgentTool, parts: Parts): vscode.LanguageModelTool<Input> {
  return {
    async prepareInvocation({ input }) {
      if (!tool.executes) return {};
      const found = await labOf(parts.labs);
      const shown = found ? startedBy(found.laboratory, tool.presets(input)) : [];
      return {
        confirmationMessages: {
          title: vscode.l10n.t('Run Programs'),
          message: new vscode.MarkdownString(
            [
              vscode.l10n.t('The tool {0} builds and starts:', escapeMarkdown(tool.name)),
              ...shown.map((line) => `- ${escapeMarkdown(line)}`),
            ].join('\n'),
          ),
        },
      };
    },
    async invoke({ input }, token) {
      const found = await labOf(parts.labs);
      if (!found) return answer(vscode.l10n.t('No folder with a lab file or saved runs is open.'));
      const ended = new AbortController();
      const listener = token.onCancellationRequested(() => ended.abort());
      try {
        const text = tool.executes
          ? await execute(tool, found, input, ended.signal, parts)
          : await tool.answer(found.laboratory, input, reading(parts.log, ended.signal));
        return answer(text);
      } catch (error) {
        return answer(errorText(error));
      } finally {
        listener.dispose();
      }
    },
  };
}

/** As from the sidebar: with consent, progress, and one measurement at a time. */
async function execute(
  tool: AgentTool,
  { file, laboratory }: Found,
  input: Input,
  signal: AbortSignal,
  { measurements }: Parts,
): Promise<string> {
  const kind = tool.executes?.kind ?? 'profile';
  const [first = '', ...others] = tool.presets(input);
  const text = await measurements.experiment(
    kind,
    { labFile: file, preset: first },
    (own, context) =>
      tool.answer(own, input, {
        ...context,
        signal: AbortSignal.any([signal, ...(context.signal ? [context.signal] : [])]),
      }),
    others,
  );
  return (
    text ??
    vscode.l10n.t(
      'Nothing was measured: it was canceled or failed, and the window says why. Lab: {0}',
      laboratory.lab.file,
    )
  );
}

interface Found {
  readonly file: string;
  readonly laboratory: Laboratory;
}

/** The lab of the window; the first one that has presets, if there are several. */
async function labOf(labs: LabService): Promise<Found | undefined> {
  await labs.ready();
  const all = labs.all.flatMap(({ file, laboratory }) => (laboratory ? [{ file, laboratory }] : []));
  return all.find(({ laboratory }) => laboratory.lab.definition.presets.length > 0) ?? all[0];
}

function startedBy({ lab: { definition } }: Laboratory, names: readonly string[]): string[] {
  const presets = definition.presets.filter(({ name }) => names.length === 0 || names.includes(name));
  return presets.map(({ name, program, args, environment }) =>
    printable(`${name}: ${formatCommandLine({ program, args, environment })}`),
  );
}

function reading(log: vscode.LogOutputChannel, signal: AbortSignal): TaskContext {
  return {
    signal,
    progress: (message) => log.debug(message),
    log: (line) => log.debug(line),
    problem: (error) => log.warn(errorText(error)),
  };
}

function answer(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
