/**
 * Whether the source shows differences to another run. What the user chose stays; without a choice the source shows what
 * the panel shows: differences while its comparison is in front.
 */
export class InSource {
  /** Undefined leaves it to the panel. */
  private chosen: boolean | undefined;
  private inPanel = false;

  get shown(): boolean {
    return this.chosen ?? this.inPanel;
  }

  choose(shown: boolean): void {
    this.chosen = shown;
  }

  forget(): void {
    this.chosen = undefined;
  }

  /** A comparison that is opened again is shown again, also if its differences were closed before. @returns whether that changes anything */
  follow(comparing: boolean): boolean {
    const before = this.shown;
    if (comparing && !this.inPanel && this.chosen === false) this.chosen = undefined;
    this.inPanel = comparing;
    return this.shown !== before;
  }
}
