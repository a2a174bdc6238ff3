/** What a person without a mouse, or without sight, needs of a page: names, ways by keyboard, a visible focus, contrast. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Violations against WCAG 2.2 A and AA, contrast among them, as axe finds them: a line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(async () => {
    const { run } = (window as unknown as { axe: { run(context: unknown, options: unknown): unknown } }).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await run(document, { runOnly: tags, resultTypes: ['violations'] })) as AxeResults;
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary}`),
  );
}

export interface Stop {
  readonly what: string;
  readonly name: string;
  /** Whether anything is seen of the focus. */
  readonly seen: boolean;
}

/** All that takes the focus on the way of the Tab key through the page, in order. */
export async function tabStops(page: Page): Promise<Stop[]> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    window.getSelection()?.removeAllRanges();
    document.querySelectorAll('[data-stop]').forEach((element) => {
      element.removeAttribute('data-stop');
    });
  });
  const stops: Stop[] = [];
  /** Controls of one kind look alike: the first of them is examined. */
  const shown = new Map<string, boolean>();
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate((index) => {
      const element = document.activeElement as HTMLElement | null;
      if (element === null || element === document.body) return null;
      if (element.dataset.stop !== undefined) return null;
      element.dataset.stop = String(index);
      element.scrollIntoView({ block: 'nearest' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return {
        what: `${element.localName}.${element.className} ${element.getAttribute('appearance') ?? ''}`,
        box: { x: left - 4, y: top - 4, width: width + 8, height: height + 8 },
      };
    }, i);
    if (found === null) break;
    const element = page.locator(`[data-stop="${String(i)}"]`);
    let seen = shown.get(found.what);
    if (seen === undefined) {
      const clip = within(found.box, page.viewportSize() ?? { width: 1200, height: 800 });
      const focused = await page.screenshot({ clip });
      await element.evaluate((focusable) => {
        (focusable as HTMLElement).blur();
      });
      seen = !focused.equals(await page.screenshot({ clip }));
      shown.set(found.what, seen);
      await element.focus();
    }
    stops.push({ what: found.what, name: await accessibleName(element), seen });
  }
  return stops;
}

async function accessibleName(element: ReturnType<Page['locator']>): Promise<string> {
  const snapshot = await element.ariaSnapshot();
  return /"((?:[^"\\]|\\.)*)"/.exec(snapshot)?.[1] ?? /^- \w+: (.+)/.exec(snapshot)?.[1] ?? '';
}

function within(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  view: { readonly width: number; readonly height: number },
) {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(x + width, view.width) - left),
    height: Math.max(1, Math.min(y + height, view.height) - top),
  };
}

/**
 * What can be clicked, but was not on the way of the Tab key and is in nothing that arrows lead through. Run after
 * `tabStops`, whose marks it reads.
 */
export function unreachable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>(
        'button, input, select, summary, a[href], vscode-button, vscode-checkbox, vscode-dropdown, vscode-text-field, vscode-panel-tab, [role=slider], [role=tree], [role=menuitem], [tabindex]',
      ),
    ];
    const composite =
      '[role=tablist], vscode-panels > vscode-panel-tab, [role=menu], tr[tabindex], [role=treegrid] tr';
    return controls
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false }))
      .filter((element) => !element.matches(':disabled, [disabled]'))
      .filter((element) => element.dataset.stop === undefined && element.closest(composite) === null)
      .map((element) => `${element.localName}.${element.className} ${element.textContent.slice(0, 40)}`);
  });
}
