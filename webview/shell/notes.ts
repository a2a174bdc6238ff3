/** What a reader must know about the profile, folded to one line: how many notes, and the first, which is the gravest. */
import { installedPackage, noteActions, type NoteAction } from '../../src/text/noteActions.js';
import { printable } from '../../src/text/printable.js';
import type { PanelProfile } from '../../src/wire/protocol.js';
import type { Actions } from '../tabs/actions.js';
import { el, linkButton } from '../ui/dom.js';
import { commandCopied, flagsCopied, installPackage, notesText, texts } from './texts.js';

export function drawNotes(element: HTMLElement, profile: PanelProfile, actions: Actions): void {
  const [gravest] = profile.notes;
  element.hidden = gravest === undefined;
  if (gravest === undefined) return;
  const summary = el(
    'summary',
    {},
    el('span', { class: 'note-count' }, notesText(profile.notes.length)),
    el('span', { class: 'note-first' }, printable(gravest)),
  );
  const items = profile.notes.map((note) =>
    el('li', {}, printable(note), ...buttonsOf(note, profile, actions)),
  );
  element.replaceChildren(
    el('details', {}, summary, el('ul', {}, ...items)),
    // Of the note that is in sight. Beside the line: a button in it would be one in a button.
    el('div', { class: 'note-remedy' }, ...buttonsOf(gravest, profile, actions).slice(0, 1)),
  );
}

function buttonsOf(note: string, profile: PanelProfile, actions: Actions): Node[] {
  return noteActions(note).flatMap((action) => {
    const button = buttonOf(action, profile, actions);
    return button ?? [];
  });
}

function buttonOf(
  action: NoteAction,
  profile: PanelProfile,
  actions: Actions,
): HTMLButtonElement | undefined {
  switch (action.kind) {
    case 'record-with-dwarf': {
      // A file can't be recorded again.
      if (profile.importedFrom !== undefined) return undefined;
      const button = linkButton(texts.recordWithDwarf, texts.recordWithDwarfTitle, () => {
        actions.post({ type: 'recordWithDwarf', runId: profile.runId });
      });
      button.classList.add('host-only');
      return button;
    }
    case 'sample-kernel': {
      if (profile.importedFrom !== undefined) return undefined;
      const button = linkButton(texts.sampleKernel, texts.sampleKernelTitle, () => {
        actions.post({ type: 'scopeSetting' });
      });
      button.classList.add('host-only');
      return button;
    }
    case 'compiler-flags': {
      const { flags } = action;
      return linkButton(texts.copyFlags, flags, () => {
        actions.copy(flags, flagsCopied(flags));
      });
    }
    case 'command': {
      const command = printable(action.command);
      const name = installedPackage(command);
      if (name === undefined)
        return linkButton(texts.copyCommand, command, () => {
          actions.copy(command, commandCopied(command));
        });
      const button = linkButton(installPackage(name), command, () => {
        actions.post({ type: 'install', command });
      });
      button.classList.add('host-only');
      return button;
    }
  }
}
