import * as vscode from 'vscode';
import * as z from '../../core/zod.js';
import { categorySchema, type Category } from '../../core/lab/labFile.js';
import { openSettings, readSetting } from '../shared/settings.js';
import { settings } from '../shared/contributions.js';
import { warn } from '../shared/messages.js';

/** The categories in the user's settings. Invalid entries are ignored, with one warning. */
export class UserCategories {
  private reported = '';

  constructor(private readonly log: vscode.LogOutputChannel) {}

  read(): Category[] {
    const valid: Category[] = [];
    const problems: string[] = [];
    const value: unknown = readSetting(settings.categories);
    if (!Array.isArray(value)) problems.push(vscode.l10n.t('The value is not a list.'));
    for (const [i, item] of (Array.isArray(value) ? value : []).entries()) {
      const parsed = categorySchema.safeParse(item);
      if (parsed.success) valid.push(parsed.data);
      else {
        const reason = z.prettifyError(parsed.error).replace(/\s+/g, ' ');
        problems.push(vscode.l10n.t('Entry {0}: {1}', i + 1, reason));
      }
    }
    this.report(problems.join(' '));
    return valid;
  }

  /** Settings are read again and again; a problem is reported once, and again when it comes back. */
  private report(problems: string): void {
    if (problems === this.reported) return;
    this.reported = problems;
    if (problems === '') return;
    this.log.warn(`${settings.categories.key}: ${problems}`);
    const { key } = settings.categories;
    void warn(vscode.l10n.t('The setting {0} has invalid entries, which are ignored. {1}', key, problems), {
      title: vscode.l10n.t('Open Settings'),
      run: () => openSettings(settings.categories),
    });
  }
}
