/**
 * The controls of the webview toolkit that the panel uses. The toolkit is archived: this file alone imports it,
 * so that it can be replaced in one place.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeTextField,
  type Checkbox,
  type Dropdown,
  type Panels,
  type TextField,
} from '@vscode/webview-ui-toolkit';

export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeTextField(),
  );
}

/** @param title what it does, if the label is only a symbol */
export function toolkitButton(
  label: string,
  appearance: 'primary' | 'secondary',
  act: () => void,
  title?: string,
): HTMLElement & { disabled: boolean } {
  const button = document.createElement('vscode-button') as HTMLElement & { disabled: boolean };
  button.setAttribute('appearance', appearance);
  button.textContent = label;
  if (title !== undefined) {
    button.setAttribute('aria-label', title);
    button.title = title;
  }
  button.addEventListener('click', act);
  return button;
}

export function toolkitTextField(
  label: string,
  placeholder: string,
  changed: (value: string) => void,
): HTMLElement & { value: string } {
  const field = document.createElement('vscode-text-field') as TextField;
  field.setAttribute('placeholder', placeholder);
  // The toolkit takes the accessible name only from the text; the stylesheet hides it visually.
  field.textContent = label;
  field.addEventListener('input', () => {
    changed(field.value);
  });
  return field;
}

interface TabbedPanels<T extends string> {
  readonly element: HTMLElement;
  show(tab: T): void;
}

/**
 * Tabs over views; `changed` is called when the user picks a tab, not by `show`.
 * @param beside shown in the row of the tabs, at its end
 */
export function toolkitPanels<T extends string>(
  label: string,
  tabs: readonly { readonly id: T; readonly title: string; readonly element: HTMLElement }[],
  beside: HTMLElement,
  changed: (tab: T) => void,
): TabbedPanels<T> {
  const panels = document.createElement('vscode-panels') as Panels;
  panels.setAttribute('aria-label', label);
  // The toolkit's animated underline ends up in the wrong place when tabs change quickly; the stylesheet draws one.
  panels.activeindicator = false;
  for (const tab of tabs) {
    const head = document.createElement('vscode-panel-tab');
    head.id = `tab-${tab.id}`;
    head.textContent = tab.title;
    const view = document.createElement('vscode-panel-view');
    view.id = `view-${tab.id}`;
    view.append(tab.element);
    panels.append(head, view);
  }
  beside.slot = 'end';
  panels.append(beside);
  let shown: string | undefined;
  panels.addEventListener('change', (event) => {
    // Controls inside the views fire `change` too, and it bubbles.
    // The toolkit also activates a first tab by itself, before any is shown: not a choice of the user.
    if (event.target !== panels || shown === undefined || panels.activeid === shown) return;
    shown = panels.activeid;
    const tab = tabs.find(({ id }) => `tab-${id}` === shown);
    if (tab !== undefined) changed(tab.id);
  });
  return {
    element: panels,
    show(tab) {
      shown = `tab-${tab}`;
      panels.activeid = shown;
    },
  };
}

export interface Choice<T extends string> {
  readonly element: HTMLElement;
  /** Replaces the options and the selected one; `changed` is not called. */
  show(options: readonly { readonly value: T; readonly label: string }[], value: T): void;
}

export function toolkitDropdown<T extends string>(label: string, changed: (value: T) => void): Choice<T> {
  const dropdown = document.createElement('vscode-dropdown') as Dropdown;
  dropdown.setAttribute('aria-label', label);
  dropdown.title = label;
  let shown = '';
  dropdown.addEventListener('change', () => {
    if (dropdown.value !== '' && dropdown.value !== shown) {
      shown = dropdown.value;
      changed(dropdown.value as T);
    }
  });
  let key = '';
  return {
    element: dropdown,
    show(options, value) {
      const now = JSON.stringify(options);
      if (now !== key) {
        key = now;
        dropdown.replaceChildren(
          ...options.map((option) => {
            const element = document.createElement('vscode-option');
            element.setAttribute('value', option.value);
            element.textContent = option.label;
            return element;
          }),
        );
      }
      shown = value;
      // The options are registered after this task; only then can one be selected.
      queueMicrotask(() => {
        dropdown.value = value;
      });
    },
  };
}

export interface Check {
  readonly element: HTMLElement;
  /** Shows it checked or not; `changed` is not called. */
  show(checked: boolean): void;
}

export function toolkitCheckbox(label: string, changed: (checked: boolean) => void): Check {
  const box = document.createElement('vscode-checkbox') as Checkbox;
  box.textContent = label;
  // The toolkit fires for every change, including programmatic ones.
  let shown = false;
  box.addEventListener('change', (event) => {
    event.stopPropagation();
    if (box.checked === shown) return;
    shown = box.checked;
    changed(shown);
  });
  return {
    element: box,
    show(checked) {
      shown = checked;
      box.checked = checked;
    },
  };
}
