import { groupRemedies } from '../../core/doctor/check.js';
import type { CheckStatus, DoctorReport } from '../../core/doctor/doctor.js';

/** Words rather than emoji, for which not every machine has a font. */
const signs: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok',
  limited: '**limited**',
  missing: '**missing**',
};

/** What this machine can and cannot measure, as Markdown, with the remedies as commands to copy. */
export function doctorText({ machine, checks }: DoctorReport): string {
  const rows = checks.map(
    ({ name, status, detail }) => `| ${signs[status]} | ${cell(name)} | ${cell(detail)} |`,
  );
  const remedies = groupRemedies(checks).map(
    ({ names, remedy: { text, command } }) =>
      `### ${names.join(', ')}\n\n${text}${command ? `\n\n\`\`\`sh\n${command}\n\`\`\`` : ''}`,
  );
  return [
    '# HAKMEM Lab Doctor',
    machine,
    ['| Status | What | Detail |', '| :-- | :-- | :-- |', ...rows].join('\n'),
    ...(remedies.length > 0 ? ['## Remedies', ...remedies] : ['Nothing is missing.']),
    '',
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, '<br>');
}
