import * as vscode from 'vscode';
import type { AgentTool } from '../../core/agents/tool.js';
import { agentTools } from '../../core/agents/tools.js';
import type { TaskContext } from '../../core/context.js';
import { errorText } from '../../core/labError.js';
import { findPreset } from '../../core/lab/loadLab.js';
import type { Laboratory } from '../../core/laboratory.js';
import { printable } from '../../text/printable.js';
import { escapeMarkdown } from '../../text/markdown.js';
import type { LabService } from '../labs/labService.js';
import { maxPresets, startedLines } from '../runs/execution/consent.js';
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
      return explained(async () => {
        requireTrustFor(tool);
        const { laboratory } = await labOf(parts.labs);
        return {
          confirmationMessages: {
            title: vscode.l10n.t('Run Programs'),
            message: startedMessage(tool, laboratory, tool.presets(input)),
          },
        };
      });
    },
    invoke: ({ input }, token) =>
      explained(async () => {
        requireTrustFor(tool);
        const found = await labOf(parts.labs);
        const ended = new AbortController();
        const listener = token.onCancellationRequested(() => ended.abort());
        try {
          const text = tool.executes
            ? await execute(tool, found, input, ended.signal, parts)
            : await tool.answer(found.laboratory, input, reading(parts.log, ended.signal));
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        } finally {
          listener.dispose();
        }
      }),
  };
}

/** What it throws has a message for the model: what happened, why, and what to do next. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(errorText(error), { cause: error });
  }
}

function requireTrustFor({ name, executes, startsTools }: AgentTool): void {
  if (vscode.workspace.isTrusted || !(executes || startsTools)) return;
  throw new Error(
    vscode.l10n.t(
      '{0} starts programs on the files of this workspace, which is not trusted. Only the user can trust it. Tools that only read saved runs work without trust.',
      name,
    ),
  );
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
  let failure: unknown;
  const text = await measurements.experiment(
    kind,
    { labFile: file, preset: first },
    (own, context) =>
      tool.answer(own, input, {
        ...context,
        signal: AbortSignal.any([signal, ...(context.signal ? [context.signal] : [])]),
      }),
    others,
    (error) => (failure = error),
  );
  if (failure !== undefined) throw failure;
  if (text !== undefined) return text;
  throw new Error(
    vscode.l10n.t(
      'Nothing was measured: another measurement is in progress in {0}. Call the tool again when it has finished.',
      laboratory.lab.file,
    ),
  );
}

interface Found {
  readonly file: string;
  readonly laboratory: Laboratory;
}

/** The lab of the window; the first one that has presets, if there are several. */
async function labOf(labs: LabService): Promise<Found> {
  await labs.ready();
  const all = labs.all.flatMap(({ file, laboratory }) => (laboratory ? [{ file, laboratory }] : []));
  const found = all.find(({ laboratory }) => laboratory.lab.definition.presets.length > 0) ?? all[0];
  if (!found) throw new Error(vscode.l10n.t('No folder with a lab file or saved runs is open.'));
  return found;
}

/** @throws LabError if there is no preset of a name */
function startedMessage(
  tool: AgentTool,
  { lab }: Laboratory,
  names: readonly string[],
): vscode.MarkdownString {
  const presets = names.length > 0 ? names.map((name) => findPreset(lab, name)) : lab.definition.presets;
  const shown = presets
    .slice(0, maxPresets)
    .map((preset) => [
      `**${escapeMarkdown(printable(preset.name))}**`,
      ...startedLines(lab, preset).map((line) => `- ${escapeMarkdown(line)}`),
    ]);
  const more = presets.length - shown.length;
  return new vscode.MarkdownString(
    [
      [vscode.l10n.t('The tool {0} starts:', escapeMarkdown(tool.name))],
      ...shown,
      ...(more > 0 ? [[vscode.l10n.t('… and {0} more presets, which the file shows.', more)]] : []),
    ]
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
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
