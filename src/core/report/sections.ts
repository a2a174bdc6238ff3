import { summary, findings, configuration, baseline } from './overviewSections.js';
import { effects, routes } from './optionSections.js';
import { counters, hotspots, categories, rootCauses, allFunctions } from './costSections.js';
import { recommendations, history, criteria, commands } from './outlookSections.js';
import type { ReportData } from './reportData.js';

/** Sections of the report, in order: each is Markdown, and says so where something wasn't measured. */
export const sections: readonly {
  readonly title: string;
  readonly write: (data: ReportData) => string;
}[] = [
  { title: 'Summary', write: summary },
  { title: 'Key findings', write: findings },
  { title: 'Configuration', write: configuration },
  { title: 'Baseline', write: baseline },
  { title: 'Effect of options', write: effects },
  { title: 'Routes and options without effect', write: routes },
  { title: 'Counters', write: counters },
  { title: 'Hotspots', write: hotspots },
  { title: 'Categories', write: categories },
  { title: 'Root causes', write: rootCauses },
  { title: 'Recommendations', write: recommendations },
  { title: 'History', write: history },
  { title: 'Success criteria', write: criteria },
  { title: 'Appendix A: all functions', write: allFunctions },
  { title: 'Appendix B: commands', write: commands },
];
