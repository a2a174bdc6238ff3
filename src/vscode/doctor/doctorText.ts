import * as vscode from 'vscode';
import { groupRemedies } from '../../core/doctor/check.js';
import type { CheckStatus, DoctorReport } from '../../core/doctor/doctor.js';
import { markdownTable, shellBlock } from '../../text/markdown.js';

/** Words rather than emoji, for which not every machine has a font. */
function statusWord(status: CheckStatus): string {
  switch (status) {
    case 'ok':
      return vscode.l10n.t('ok');
    case 'limited':
      return `**${vscode.l10n.t('limited')}**`;
    case 'missing':
      return `**${vscode.l10n.t('missing')}**`;
  }
}

/** What this machine can and cannot measure, as Markdown, with the remedies as commands to copy. */
export function doctorText({ machine, checks }: DoctorReport): string {
  const remedies = groupRemedies(checks).map(
    ({ names, remedy: { text, command } }) =>
      `### ${names.join(', ')}\n\n${text}${command ? `\n\n${shellBlock(command)}` : ''}`,
  );
  return [
    '# HAKMEM Lab Doctor',
    machine,
    markdownTable(
      [vscode.l10n.t('Status'), vscode.l10n.t('Check'), vscode.l10n.t('Details')],
      [':--', ':--', ':--'],
      checks.map(({ name, status, detail }) => [statusWord(status), cell(name), cell(detail)]),
    ),
    ...(remedies.length > 0
      ? [`## ${vscode.l10n.t('What to do')}`, ...remedies]
      : [vscode.l10n.t('Everything is available.')]),
    '',
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, '<br>');
}
