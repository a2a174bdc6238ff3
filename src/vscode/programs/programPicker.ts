import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import { parseCommandLine } from '../../core/process/commandLine.js';
import type { ProjectTarget } from '../../core/programs/projects.js';
import { bare, choicesFor, lineOf, withoutProgram, type Start } from './programLines.js';

/** The line that each program was profiled with last, by project and name. */
const linesKey = 'programs.lines';

export interface ChosenProgram {
  readonly chosen: ProjectTarget;
  readonly start: Start;
}

interface ProgramItem extends vscode.QuickPickItem {
  readonly choice?: ChosenProgram;
}

/**
 * Asks which program to start and how, in one question: its name is enough, and what is typed behind it are its arguments,
 * as in any command. A program that was profiled before is offered with the line of that time.
 * @returns undefined if the question was dismissed
 */
export async function pickProgram(
  title: string,
  targets: readonly ProjectTarget[],
  state: vscode.Memento,
): Promise<ChosenProgram | undefined> {
  const lines = state.get<Record<string, string>>(linesKey) ?? {};
  const answer = await ask(title, targets, lines);
  if (answer) {
    const { chosen, start } = answer;
    await state.update(linesKey, { ...lines, [idOf(chosen)]: lineOf(chosen.target.name, start) });
  }
  return answer;
}

function ask(
  title: string,
  targets: readonly ProjectTarget[],
  lines: Readonly<Record<string, string>>,
): Promise<ChosenProgram | undefined> {
  const programs = targets.map((one) => ({ name: one.target.name, one }));
  const last = ({ one }: (typeof programs)[number]): Start => {
    const line = lines[idOf(one)];
    return line === undefined ? bare : withoutProgram(parseCommandLine(line));
  };
  const edit: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('edit'),
    tooltip: vscode.l10n.t('Add Arguments'),
  };
  const itemsOf = (typed: string): ProgramItem[] => {
    const found =
      typed.trim() === ''
        ? programs.map((program) => ({ program, start: last(program) }))
        : choicesFor(typed, programs);
    return found.map(({ program, start }) => ({
      label: program.name,
      description: program.one.project.system.title,
      detail: isBare(start) ? vscode.l10n.t('No arguments') : lineOf(program.name, start),
      alwaysShow: true,
      buttons: [edit],
      choice: { chosen: program.one, start },
    }));
  };
  const pick = vscode.window.createQuickPick<ProgramItem>();
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Choose a program. To add arguments, type its name and them.');
  pick.ignoreFocusOut = true;
  const update = () => {
    try {
      const items = itemsOf(pick.value);
      pick.items =
        items.length > 0
          ? items
          : [{ label: vscode.l10n.t('The project builds no such program'), alwaysShow: true }];
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      pick.items = [{ label: error.message, detail: error.remedy?.text ?? '', alwaysShow: true }];
    }
  };
  pick.onDidChangeValue(update);
  pick.onDidTriggerItemButton(({ item: { choice } }) => {
    if (!choice) return;
    const line = lineOf(choice.chosen.target.name, choice.start);
    pick.value = isBare(choice.start) ? `${line} ` : line;
    update();
  });
  update();
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      // An active item of an earlier list: what was typed since has not been listed yet.
      const item = pick.activeItems.find((one) => pick.items.includes(one)) ?? pick.items[0];
      // What can't be started says so, and stays.
      if (!item?.choice) return;
      resolve(item.choice);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

const idOf = ({ project, target }: ProjectTarget) => `${project.place.folder}\0${target.name}`;

function isBare({ args, environment, stdin }: Start): boolean {
  return args.length === 0 && Object.keys(environment).length === 0 && stdin === undefined;
}
