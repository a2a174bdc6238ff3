import { escapeMarkdown } from '../../text/markdown.js';
import { escapeXml } from '../export/names.js';
import type { ReportData } from './reportData.js';
import { sections } from './sections.js';

/** The whole analysis as GitHub Flavored Markdown: every sentence follows from a figure that was measured. */
export function reportMarkdown(data: ReportData): string {
  const { preset, createdAt } = data.subject.run;
  return [
    `# ${escapeMarkdown(data.laboratory.lab.definition.name)}: ${escapeMarkdown(preset.name)}`,
    `Measured ${createdAt.slice(0, 10)}, written ${data.createdAt.slice(0, 10)} by HAKMEM Lab.`,
    ...sections.flatMap(({ title, write }) => [`## ${title}`, write(data)]),
    '',
  ].join('\n\n');
}

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid #8884; }
nav { columns: 2; font-size: 0.9rem; margin: 1.5rem 0; }
nav a { display: block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid #8883; vertical-align: top; }
th { text-align: left; border-bottom: 2px solid #8886; }
thead tr:has(th:empty:first-child):not(:has(th:not(:empty))) { display: none; }
td[style*='right'], th[style*='right'] { white-space: nowrap; }
td code { overflow-wrap: anywhere; }
pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 0.9em ui-monospace, monospace; background: #8882; padding: 0.1em 0.3em; border-radius: 3px; }
pre { background: #8881; padding: 0.75rem 1rem; border-radius: 6px; overflow-x: auto; }
pre code { background: none; padding: 0; }
@media print { nav { display: none; } body { max-width: none; font-size: 11px; } }
`;

/** The report as one page, without scripts. Names from a profile are text in it: HTML inside Markdown is off. */
export async function reportHtml(data: ReportData): Promise<string> {
  // A tenth of the extension's code, in a file of its own that is read when a report is saved.
  const { default: MarkdownIt } = await import('markdown-it');
  const markdown = new MarkdownIt({ html: false });
  const titles = sections.map(({ title }) => title);
  let at = 0;
  markdown.renderer.rules['heading_open'] = (tokens, index) => {
    const tag = tokens[index]?.tag ?? 'h2';
    return tag === 'h2' ? `<h2 id="section-${at++}">` : `<${tag}>`;
  };
  markdown.renderer.rules['table_open'] = () => '<div class="wide"><table>\n';
  markdown.renderer.rules['table_close'] = () => '</table></div>\n';
  const body = markdown.render(reportMarkdown(data));
  const links = titles.map((title, i) => `<a href="#section-${i}">${escapeXml(title)}</a>`).join('\n');
  const contents = `<nav aria-label="Contents">\n${links}\n</nav>\n`;
  const split = body.indexOf('<h2');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(data.subject.run.preset.name)}</title>
<style>${style}</style>
</head>
<body>
${body.slice(0, split)}${contents}${body.slice(split)}</body>
</html>
`;
}
