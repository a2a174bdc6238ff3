import * as vscode from 'vscode';
import { setContext } from '../shared/commands.js';
import { contextKeys } from '../shared/contributions.js';
import { groupings, orders, type Grouping, type Order, type Selection } from './grouping.js';

const stateKeys = { grouping: 'hotspots.grouping', order: 'hotspots.order', filter: 'hotspots.filter' };

/** What the view lists and how, as the user chose; kept in the workspace. */
export class HotspotChoice implements Selection {
  constructor(private readonly state: vscode.Memento) {
    this.tellFilter();
  }

  get grouping(): Grouping {
    const kept = this.state.get(stateKeys.grouping);
    return groupings.find((known) => known === kept) ?? 'function';
  }

  get order(): Order {
    const kept = this.state.get(stateKeys.order);
    return orders.find((known) => known === kept) ?? 'self';
  }

  /** Empty for none. */
  get filter(): string {
    const kept = this.state.get(stateKeys.filter);
    return typeof kept === 'string' ? kept : '';
  }

  /** What differs from the plain list, for the view's description. */
  get texts(): string[] {
    return [
      ...(this.grouping === 'function' ? [] : [groupingTexts(this.grouping).label.toLocaleLowerCase()]),
      ...(this.order === 'self' ? [] : [orderTexts(this.order).label.toLocaleLowerCase()]),
      ...(this.filter === '' ? [] : [`“${this.filter}”`]),
    ];
  }

  /** Each resolves to whether anything was chosen. */
  async pickGrouping(): Promise<boolean> {
    const by = await pick(
      groupings.map((value) => ({ value, ...groupingTexts(value) })),
      this.grouping,
      { title: vscode.l10n.t('Group Hotspots'), placeHolder: vscode.l10n.t('What the view lists') },
    );
    return this.keep(stateKeys.grouping, by);
  }

  async pickOrder(): Promise<boolean> {
    const by = await pick(
      orders.map((value) => ({ value, ...orderTexts(value) })),
      this.order,
      { title: vscode.l10n.t('Sort Hotspots'), placeHolder: vscode.l10n.t('What comes first') },
    );
    return this.keep(stateKeys.order, by);
  }

  async askFilter(): Promise<boolean> {
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Filter Hotspots'),
      prompt: vscode.l10n.t('Part of the name of a function, file, or module. Leave empty for all.'),
      value: this.filter,
    });
    return this.keep(stateKeys.filter, text?.trim());
  }

  clearFilter(): Promise<boolean> {
    return this.keep(stateKeys.filter, '');
  }

  private async keep(key: string, value: string | undefined): Promise<boolean> {
    if (value === undefined) return false;
    await this.state.update(key, value);
    this.tellFilter();
    return true;
  }

  private tellFilter(): void {
    setContext(contextKeys.hotspotsFiltered, this.filter !== '');
  }
}

interface Texts {
  readonly label: string;
  readonly detail: string;
}

function groupingTexts(by: Grouping): Texts {
  switch (by) {
    case 'function':
      return { label: vscode.l10n.t('Functions'), detail: vscode.l10n.t('One list') };
    case 'category':
      return { label: vscode.l10n.t('Categories'), detail: vscode.l10n.t('As in the category breakdown') };
    case 'namespace':
      return {
        label: vscode.l10n.t('Namespaces'),
        detail: vscode.l10n.t('Or packages and crates; functions in none by module'),
      };
    case 'file':
      return {
        label: vscode.l10n.t('Files'),
        detail: vscode.l10n.t('Of the source; unknown ones by module'),
      };
    case 'module':
      return { label: vscode.l10n.t('Modules'), detail: vscode.l10n.t('The program and its libraries') };
  }
}

function orderTexts(order: Order): Texts {
  switch (order) {
    case 'self':
      return { label: vscode.l10n.t('By self'), detail: vscode.l10n.t('What a function costs by itself') };
    case 'total':
      return { label: vscode.l10n.t('By total'), detail: vscode.l10n.t('With all that it calls') };
    case 'name':
      return { label: vscode.l10n.t('By name'), detail: vscode.l10n.t('Self costs, from A to Z') };
  }
}

async function pick<T extends string>(
  choices: readonly (Texts & { readonly value: T })[],
  now: T,
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  const items = choices.map((choice) => ({
    ...choice,
    ...(choice.value === now && { description: vscode.l10n.t('shown now') }),
  }));
  return (await vscode.window.showQuickPick(items, options))?.value;
}
