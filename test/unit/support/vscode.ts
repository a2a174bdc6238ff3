/**
 * What of VS Code's interface the texts of the editor need, for tests without an editor: `l10n.t` with the text as
 * it is in the code. Stricter than VS Code, which leaves a placeholder without a value as it is.
 */
export const l10n = {
  t(message: string, ...values: readonly (string | number | boolean)[]): string {
    const used = new Set<number>();
    const text = message.replace(/\{(\d+)\}/g, (placeholder, index: string) => {
      used.add(Number(index));
      const value = values[Number(index)];
      if (value === undefined) throw new Error(`${placeholder} of "${message}" has no value`);
      return String(value);
    });
    if (used.size !== values.length) throw new Error(`"${message}" does not show all of its values`);
    return text;
  },
};
