import path from 'node:path';
import * as vscode from 'vscode';
import { eventName } from '../../../text/eventTexts.js';
import { seconds } from '../../../text/numbers.js';
import { printable } from '../../../text/printable.js';
import type { ShownRun } from './shownRun.js';

/** The chosen samples in a few words, as `beta 4711, 0.20 s–0.50 s`; empty for all of the first event. */
export function choiceText({ choice, recorded }: ShownRun): string {
  const { categories, modules } = choice;
  const parts: string[] = [];
  const event = recorded.events[choice.event];
  if (choice.event > 0 && event) parts.push(printable(eventName(event.name)));
  if (choice.threads) {
    const [first, ...others] = choice.threads.map((index) => recorded.threads[index]);
    if (first && others.length === 0) parts.push(printable(`${first.name} ${first.tid}`));
    else parts.push(vscode.l10n.t('{0} threads', choice.threads.length));
  }
  if (choice.time) parts.push(`${seconds(choice.time.from)}–${seconds(choice.time.to)}`);
  const [category = '', ...otherCategories] = categories;
  if (otherCategories.length > 0) parts.push(vscode.l10n.t('{0} categories', categories.length));
  else if (category !== '') parts.push(category);
  const [module = '', ...otherModules] = modules;
  if (otherModules.length > 0) parts.push(vscode.l10n.t('{0} modules', modules.length));
  else if (modules.length > 0) parts.push(path.basename(module) || vscode.l10n.t('unknown module'));
  return parts.join(', ');
}
