/** Keyboard navigation between table rows, and the selected row. */

/**
 * One row is in the tab order, arrow keys move between rows; `other` handles the row's own keys and returns whether
 * it did. Rows are `tr[tabindex]`; hidden ones are skipped.
 */
export function moveBetweenRows(
  table: HTMLElement,
  other: (row: HTMLElement, event: KeyboardEvent) => boolean,
): void {
  const rows = (): HTMLElement[] => [...table.querySelectorAll<HTMLElement>('tr[tabindex]:not([hidden])')];
  table.addEventListener('focusin', (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[tabindex]') : null;
    if (row === null) return;
    for (const previous of table.querySelectorAll('tr[tabindex="0"]'))
      previous.setAttribute('tabindex', '-1');
    row.setAttribute('tabindex', '0');
  });
  table.addEventListener('keydown', (event) => {
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.matches('tr[tabindex]')) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (other(row, event)) {
      event.preventDefault();
      return;
    }
    const all = rows();
    const at = all.indexOf(row);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    all[target]?.focus();
  });
}

/**
 * Marks a function's row if it exists and scrolls it into view; rows created later mark themselves.
 * @param scroll false where the user hasn't just selected it: what stands above the table would go out of view
 */
export function selectRow(table: HTMLElement, func: number, scroll = true): void {
  for (const row of table.querySelectorAll('tr[data-func][aria-selected="true"]')) {
    row.setAttribute('aria-selected', 'false');
  }
  const row = table.querySelector<HTMLElement>(`tr[data-func="${String(func)}"]`);
  row?.setAttribute('aria-selected', 'true');
  if (scroll) row?.scrollIntoView({ block: 'nearest' });
}
