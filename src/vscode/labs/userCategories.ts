import * as vscode from 'vscode';
import * as z from 'zod';
import { categorySchema, type Category } from '../../core/lab/labFile.js';
import { readSetting } from '../shared/commands.js';
import { settings } from '../shared/contributions.js';

/** The categories in the user's settings. Entries that are none are passed over, and the user is told once. */
export class UserCategories {
  private told = '';

  constructor(private readonly log: vscode.LogOutputChannel) {}

  read(): Category[] {
    const valid: Category[] = [];
    const problems: string[] = [];
    const value: unknown = readSetting(settings.categories);
    if (!Array.isArray(value)) problems.push('It is no list.');
    for (const [i, item] of (Array.isArray(value) ? value : []).entries()) {
      const parsed = categorySchema.safeParse(item);
      if (parsed.success) valid.push(parsed.data);
      else problems.push(`Entry ${i + 1}: ${z.prettifyError(parsed.error).replace(/\s+/g, ' ')}`);
    }
    this.tell(problems.join(' '));
    return valid;
  }

  /** Settings are read again and again; the same problem is told once, and again when it came back. */
  private tell(problems: string): void {
    if (problems === this.told) return;
    this.told = problems;
    if (problems === '') return;
    this.log.warn(`${settings.categories.key}: ${problems}`);
    const open = 'Open Settings';
    void vscode.window
      .showWarningMessage(`The setting ${settings.categories.key} is passed over in part. ${problems}`, open)
      .then((chosen) => {
        if (chosen === open)
          void vscode.commands.executeCommand('workbench.action.openSettings', settings.categories.key);
      });
  }
}
