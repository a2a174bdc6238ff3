import path from 'node:path';
import * as vscode from 'vscode';
import { reportHtml, reportMarkdown } from '../../core/report/report.js';
import { gatherReport } from '../../core/report/reportData.js';
import type { RunDocument } from '../../model/run.js';
import type { Laboratory } from '../../core/laboratory.js';
import type { LabService } from '../labs/labService.js';
import type { Consent } from '../runs/execution/consent.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ReadOnlyDocuments } from '../shared/readOnlyDocuments.js';
import { inform } from '../shared/messages.js';

/** Writes the analysis of the run that is shown, or else of the newest profile, and shows it; it can be saved. */
export async function showReport(
  labs: LabService,
  consent: Consent,
  documents: ReadOnlyDocuments,
  { current }: ShownProfile,
): Promise<void> {
  // A file that is open as a profile isn't a saved run.
  const shown = current?.editor ? undefined : current;
  const laboratory = shown?.laboratory ?? (await pickLaboratory(labs));
  if (!laboratory) return;
  const { lab } = laboratory;
  const ours = labs.entry(lab.file)?.origin === 'sample';
  // Reading a report starts nothing that the user hasn't agreed to.
  const mayDescribe = ({ preset: { name }, environment: { variables } }: RunDocument) => {
    const preset = lab.definition.presets.find((one) => one.name === name);
    if (!preset || !vscode.workspace.isTrusted || !(ours || consent.given(lab, preset))) return false;
    // A saved run may have come with the workspace, too: its variables are those that were agreed to, or this window's.
    return Object.entries(variables).every(
      ([key, value]) => value === preset.environment[key] || value === process.env[key],
    );
  };
  const data = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Writing the report') },
    () => gatherReport(laboratory, shown ? [shown.run.id] : [], { mayDescribe }),
  );
  const { name } = data.subject.run.preset;
  await documents.preview(vscode.l10n.t('Report on {0}', name), reportMarkdown(data));
  await inform(vscode.l10n.t('The report is written from saved runs. Save it to keep or to send it.'), {
    title: vscode.l10n.t('Save Report...'),
    run: async () => {
      const target = await vscode.window.showSaveDialog({
        title: vscode.l10n.t('Save Report'),
        defaultUri: vscode.Uri.file(path.join(laboratory.lab.folder, `${name}-report.html`)),
        filters: { HTML: ['html'], Markdown: ['md'] },
      });
      if (!target) return;
      const text = target.path.endsWith('.md') ? reportMarkdown(data) : await reportHtml(data);
      await vscode.workspace.fs.writeFile(target, Buffer.from(text));
    },
  });
}

async function pickLaboratory(labs: LabService): Promise<Laboratory | undefined> {
  await labs.ready();
  const known = labs.all.flatMap(({ laboratory }) => laboratory ?? []);
  if (known.length <= 1) return known[0];
  const chosen = await vscode.window.showQuickPick(
    known.map((laboratory) => ({
      label: laboratory.lab.definition.name,
      description: laboratory.lab.folder,
      laboratory,
    })),
    { title: vscode.l10n.t('Show Report') },
  );
  return chosen?.laboratory;
}
