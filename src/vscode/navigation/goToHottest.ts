import path from 'node:path';
import * as vscode from 'vscode';
import type { FunctionShare } from '../../model/profileDocument.js';
import { shortName } from '../../text/names.js';
import { count, percent } from '../../text/numbers.js';
import type { Annotations } from '../annotations/annotations.js';
import { functionHere } from '../annotations/functionAtCursor.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { inform, mention, offerProfiling } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { isOfSystem } from '../../core/perfData/coverageNotes.js';
import { openSource } from '../source/openSource.js';
import { hotLines, hottestLineOf, neighborIn, type HotLine } from './hotLines.js';

/** The ways from a profile to its source: the hottest line, and from one hot line to the next. */
export function registerNavigation(
  context: vscode.ExtensionContext,
  { shown, reporter }: { readonly shown: ShownProfile; readonly reporter: Reporter },
  annotations: Annotations,
): void {
  const withProfile = (action: (run: ShownRun) => Promise<void>) =>
    reporter.guard(async () => {
      if (shown.current) await action(shown.current);
      else void offerProfiling(vscode.l10n.t('There is no profile yet. Profile a preset first.'));
    });
  context.subscriptions.push(
    registerCommand(
      commandIds.goToHottest,
      withProfile((run) => goToHottest(run, annotations)),
    ),
    registerCommand(
      commandIds.nextHotspot,
      withProfile((run) => goToNeighbor(run, annotations, 1)),
    ),
    registerCommand(
      commandIds.previousHotspot,
      withProfile((run) => goToNeighbor(run, annotations, -1)),
    ),
    registerCommand(
      commandIds.hottestLineOfFunction,
      withProfile((run) => goToHottestInFunction(run, annotations)),
    ),
  );
}

/** For gcc and clang: lines, and callers that perf finds cheaply. */
const flags = '-g -fno-omit-frame-pointer';
/** Characters of a name. */
const longestName = 60;

/** How many times as hot as the hottest line that can be shown: then that line, such as one of a header, is beside the point. */
const farHotter = 10;

/** Opens the hottest line whose source is here, and says if a hotter function was passed over. */
async function goToHottest(shown: ShownRun, annotations: Annotations): Promise<void> {
  const lines = await hotLines(shown, 0);
  const [hottest] = shown.functions.filter(({ selfPercent }) => selfPercent > 0);
  const [first] = lines;
  const here = hottest?.file !== null && hottest !== undefined && (await shown.findSource(hottest.file));
  if (first && (here || !hottest || !isWanted(hottest, first))) {
    await open(shown, annotations, lines, 0);
    if (hottest && !here && hottest.selfPercent > first.percent) mention('info', whyNot(hottest));
    return;
  }
  if (!hottest) return;
  const copyFlags = {
    title: vscode.l10n.t('Copy Compiler Flags'),
    run: () => vscode.env.clipboard.writeText(flags),
  };
  const inFlameGraph = {
    title: vscode.l10n.t('Show in Flame Graph'),
    run: () => executeCommand(commandIds.showPanel),
  };
  const compiled = hottest.file === null && hottest.module !== null && !isKernel(hottest.module);
  const { file, line } = hottest;
  const locate = {
    title: vscode.l10n.t('Locate File...'),
    run: () =>
      file !== null &&
      executeCommand(commandIds.locateSource, { file, line: hottestLineIn(shown, file) ?? line ?? 1 }),
  };
  const actions = [...(compiled ? [copyFlags] : []), ...(file === null ? [] : [locate]), inFlameGraph];
  void inform(`${whyNot(hottest)} ${remedy(hottest)}`, ...actions);
}

function hottestLineIn({ costs }: ShownRun, file: string): number | undefined {
  const lines = costs.ofFile(file).filter(({ cost }) => cost && cost.selfPercent > 0);
  return lines.sort((a, b) => (b.cost?.selfPercent ?? 0) - (a.cost?.selfPercent ?? 0))[0]?.line;
}

/** Whether who looks for the hottest line wants that of a function whose source is missing, and can do something about it. */
function isWanted({ module, selfPercent }: FunctionShare, first: HotLine): boolean {
  if (module === null || isKernel(module) || isOfSystem(module)) return false;
  return selfPercent > farHotter * first.percent;
}

async function goToNeighbor(shown: ShownRun, annotations: Annotations, step: 1 | -1): Promise<void> {
  const lines = await hotLines(shown, annotations.view.minimumPercent);
  const editor = vscode.window.activeTextEditor;
  const line = editor && annotations.of(editor.document)?.profiledLine(editor.selection.active.line + 1);
  const cursor = editor && line !== undefined ? { path: editor.document.uri.fsPath, line } : undefined;
  if (lines.length === 0) await goToHottest(shown, annotations);
  else await open(shown, annotations, lines, neighborIn(lines, cursor, step));
}

async function open(
  shown: ShownRun,
  annotations: Annotations,
  lines: readonly HotLine[],
  at: number,
): Promise<void> {
  const line = lines[at] as HotLine;
  await openSource(await annotations.placeNow(line, shown), shown.findSource);
  const rank = vscode.l10n.t(
    'Hotspot {0} of {1}: {2}',
    count(at + 1),
    count(lines.length),
    percent(line.percent / 100),
  );
  mention('flame', rank);
}

/** Moves the cursor to the line with most cost of its own in the function around it; from elsewhere, opens that line. */
async function goToHottestInFunction(run: ShownRun, annotations: Annotations): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const annotated = editor && annotations.of(editor.document);
  const around = annotated?.functionAround(editor?.selection.active.line ?? 0);
  let hottest: { line: number; percent: number } | undefined;
  for (const placed of annotated?.placed() ?? []) {
    if (!around || placed.line < around.from || placed.line > around.to) continue;
    const share = placed.annotation.cost?.selfPercent ?? 0;
    if (share > (hottest?.percent ?? 0)) hottest = { line: placed.line, percent: share };
  }
  if (!editor || !hottest) {
    const func = functionHere(run, annotations);
    const place = func === undefined ? undefined : hottestLineOf(run, func);
    if (place) {
      await openSource(await annotations.placeNow(place, run), run.findSource);
      return;
    }
    void inform(
      vscode.l10n.t(
        'The shown profile has no line with a cost here. Place the cursor in a function with annotations.',
      ),
      { title: vscode.l10n.t('Go to Hottest Line'), run: () => executeCommand(commandIds.goToHottest) },
    );
    return;
  }
  const { range, firstNonWhitespaceCharacterIndex } = editor.document.lineAt(hottest.line);
  const position = range.start.translate(0, firstNonWhitespaceCharacterIndex);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Why the source of a function cannot be opened. */
function whyNot({ name, module, file, selfPercent }: FunctionShare): string {
  const [what, share] = [shortened(shortName(name)), percent(selfPercent / 100)];
  if (file !== null) {
    return vscode.l10n.t('The source of {0} ({1}) is not on this machine: {2}.', what, share, file);
  }
  if (module === null) return vscode.l10n.t('{0} ({1}) belongs to no known program file.', what, share);
  return isKernel(module)
    ? vscode.l10n.t('{0} ({1}) is code of the kernel, which has no source lines here.', what, share)
    : vscode.l10n.t(
        '{0} ({1}) is in {2}, which has no debug information.',
        what,
        share,
        path.basename(module),
      );
}

function remedy({ module, file }: FunctionShare): string {
  if (file !== null) {
    return module !== null && isOfSystem(module)
      ? vscode.l10n.t('The flame graph shows who calls it.')
      : vscode.l10n.t('Show where it is, or build the program on this machine and profile again.');
  }
  if (module === null || isKernel(module)) return vscode.l10n.t('The flame graph shows who calls it.');
  return vscode.l10n.t(
    'Compile it with debug information, or install its debug symbols, then profile again.',
  );
}

function isKernel(module: string): boolean {
  return /^\[(kernel|guest\.kernel|unknown|vdso|vsyscall)/.test(module) || module.endsWith('.ko');
}

/** Names of templates can be longer than a message. */
function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}
