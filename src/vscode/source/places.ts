import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { findSource, mappingFor, useSourceMap } from '../../core/lab/findSource.js';
import { useSymbolPlaces } from '../../core/symbols/symbolFolders.js';
import type { SourcePlace } from '../../wire/protocol.js';
import type { LabService } from '../labs/labService.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds, settings } from '../shared/contributions.js';
import { inform, warn } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { changeSetting, onSettingChanged, readSetting } from '../shared/settings.js';
import { openSource } from './openSource.js';

/** There are rarely more files of one name. */
const maxLikely = 100;

const chosen = [settings.sourceMap, settings.symbolFolders, settings.debuginfod];

/** Where sources and symbols are that aren't where the debug information says: by settings, and by being shown a file. */
export function registerPlaces(
  context: vscode.ExtensionContext,
  { labs, reporter }: { readonly labs: LabService; readonly reporter: Reporter },
): void {
  use();
  context.subscriptions.push(
    onSettingChanged(chosen, () => {
      use();
      // Sources are looked for again.
      void labs.reload();
    }),
    registerCommand(
      commandIds.locateSource,
      reporter.guard((place?: SourcePlace) => place && locate(place, labs)),
    ),
  );
}

function use(): void {
  const map = Object.entries(readSetting(settings.sourceMap)).filter(([, to]) => typeof to === 'string');
  useSourceMap(Object.fromEntries(map.map(([from, to]) => [from, absolute(to)])));
  const texts = (values: readonly unknown[]) => values.filter((value) => typeof value === 'string');
  useSymbolPlaces({
    folders: texts(readSetting(settings.symbolFolders)).map(absolute),
    servers: texts(readSetting(settings.debuginfod)).filter((url) => /^https?:\/\//.test(url)),
  });
}

/** Settings begin a path with the home folder as shells do. */
function absolute(folder: string): string {
  return path.resolve(os.homedir(), folder.replace(/^~(?=\/|$)/, os.homedir()));
}

/** The file of the workspace whose path ends most like the one that is missing: the dialog begins with it. */
async function likelyPlace(missing: string): Promise<vscode.OpenDialogOptions> {
  const name = path.basename(missing).replace(/[[\]{}*?]/g, '?');
  const named = await vscode.workspace.findFiles(`**/${name}`, undefined, maxLikely);
  const left = (uri: vscode.Uri) => mappingFor(missing, uri.fsPath)?.from.length ?? Infinity;
  const [defaultUri] = named.sort((a, b) => left(a) - left(b));
  return defaultUri ? { defaultUri } : {};
}

/** Asks where a source is, and remembers it for all that were built in the same folder. */
async function locate(place: SourcePlace, labs: LabService): Promise<void> {
  const name = path.basename(place.file);
  const [found] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Where is {0}?', place.file),
      openLabel: vscode.l10n.t('Use This File'),
      canSelectMany: false,
      ...(await likelyPlace(place.file)),
    })) ?? [];
  if (!found) return;
  const mapping = mappingFor(place.file, found.fsPath);
  if (!mapping) {
    void warn(
      vscode.l10n.t(
        '{0} has another name than {1}, so it is another file.',
        path.basename(found.fsPath),
        name,
      ),
      { title: vscode.l10n.t('Locate File...'), run: () => locate(place, labs) },
    );
    return;
  }
  const before = readSetting(settings.sourceMap);
  await changeSetting(settings.sourceMap, { ...before, [mapping.from]: mapping.to });
  await openSource(place, (file) => findSource(file, labs.all[0]?.laboratory?.lab));
  void inform(
    vscode.l10n.t('Sources built in {0} are taken from {1} from now on.', mapping.from || '.', mapping.to),
    { title: vscode.l10n.t('Undo'), run: () => changeSetting(settings.sourceMap, before) },
  );
}
