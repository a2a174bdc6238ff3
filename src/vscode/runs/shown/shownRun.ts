import { programsOfSources } from '../../../core/environment/profiledSources.js';
import { findSource } from '../../../core/lab/findSource.js';
import type { Laboratory } from '../../../core/laboratory.js';
import { toPanelProfile } from '../../../core/page/panelProfile.js';
import { buildCallTree, type CallTree } from '../../../views/callTree.js';
import { functionShares } from '../../../views/toDocument.js';
import type { FunctionShare } from '../../../model/profileDocument.js';
import type { EventProfile, Profile } from '../../../model/profile.js';
import { ofEvent } from '../../../views/sampleFilter.js';
import type { RunDocument } from '../../../model/run.js';
import type { SampleChoice, SentProfile } from '../../../wire/protocol.js';
import { profileWithoutSamples, withoutSamples, worthSplitting } from '../../../wire/followingSamples.js';
import { chosenSamples, isWhole, wholeProfile } from './selection.js';
import { shortName } from '../../../text/names.js';
import { runName } from '../../../text/runLabel.js';
import { printable } from '../../../text/printable.js';
import { SourceCosts } from './sourceCosts.js';

interface ChosenSamples {
  readonly profile: EventProfile;
  readonly tree: CallTree;
}

/** Where a profile is shown with its tabs: the panel, or the editor of a file. */
export interface ProfileView {
  /** Brings it to the front; the focus stays where it is. */
  reveal(): void | Promise<void>;
  showTab(tab: string): void;
  /** Shows a function in a tab, in front. */
  selectFunction(func: number, tab: 'flame' | 'whatif'): void;
}

/** A profile with what the views derive from it, each computed when first asked for and then kept. */
export class ShownRun {
  private treeCache: CallTree | undefined;
  private sharesCache: readonly FunctionShare[] | undefined;
  private costsCache: SourceCosts | undefined;
  private panelCache: SentProfile | undefined;
  private startCache: SentProfile | undefined;
  private programsCache: ReadonlyMap<string, string | undefined> | undefined;
  private chosen: SampleChoice = wholeProfile;
  private chosenCache: ChosenSamples | undefined;
  /** The function that is selected where the profile is shown; -1 for none. */
  selectedFunction = -1;
  /** All samples of the first event. */
  readonly profile: EventProfile;

  constructor(
    readonly laboratory: Laboratory,
    readonly run: RunDocument,
    readonly recorded: Profile,
    /** Of a file that is open as a profile: its editor. Undefined for a saved run, which the panel shows. */
    readonly editor?: ProfileView,
    /** What the user calls it. */
    readonly title?: string,
  ) {
    this.profile = ofEvent(recorded);
  }

  /** Of all samples of the shown event: annotations, hotspots, and panel share it. */
  get tree(): CallTree {
    return (this.treeCache ??= buildCallTree(this.profile));
  }

  /** What the run is called wherever it is shown, as in the list of runs. */
  get name(): string {
    return runName(this.run, this.title, this.laboratory.lab.definition.presets);
  }

  /** Which samples source, hotspots, and machine code show: `ShownProfile` changes it, and says so. */
  get choice(): SampleChoice {
    return this.chosen;
  }

  set choice(choice: SampleChoice) {
    this.chosen = choice;
    this.costsCache = this.chosenCache = this.sharesCache = undefined;
  }

  /** The chosen samples, and their call tree. */
  get samples(): ChosenSamples {
    if (isWhole(this.chosen)) return { profile: this.profile, tree: this.tree };
    if (!this.chosenCache) {
      const profile = chosenSamples(this.recorded, this.chosen, this.laboratory.classifier);
      this.chosenCache = { profile, tree: buildCallTree(profile) };
    }
    return this.chosenCache;
  }

  /** The functions' shares of the chosen samples in percent, the hottest first. */
  get functions(): readonly FunctionShare[] {
    const { profile, tree } = this.samples;
    return (this.sharesCache ??= functionShares(profile, this.laboratory.classifier, this.run.stat, tree));
  }

  /** Costs by source file and line of the chosen samples, for the annotations. */
  get costs(): SourceCosts {
    const { profile, tree } = this.samples;
    return (this.costsCache ??= new SourceCosts(profile, this.laboratory.classifier, tree));
  }

  /** Where a source file of the profile is on this machine, as the module's `findSource`. */
  readonly findSource = (file: string): Promise<string | undefined> => {
    this.programsCache ??= programsOfSources(this.recorded);
    return findSource(file, this.laboratory.lab, this.programsCache.get(file));
  };

  /** Short, for lists and messages. */
  functionName(func: number): string {
    return printable(shortName(this.recorded.strings[this.recorded.functions.name[func] ?? -1] ?? ''));
  }

  /** All that the panel shows. */
  get panel(): SentProfile {
    return (this.panelCache ??= this.panelOf(this.recorded));
  }

  /** What the panel gets first: of a large profile, the samples follow. */
  get panelStart(): SentProfile {
    if (!worthSplitting(this.recorded)) return this.panel;
    return (this.startCache ??= withoutSamples(this.panelOf(profileWithoutSamples(this.recorded))));
  }

  private panelOf(profile: Profile): SentProfile {
    const { classifier, lab } = this.laboratory;
    return toPanelProfile(this.run, profile, classifier, {
      scenarios: lab.definition.whatIf,
      tree: this.tree,
      name: this.name,
    });
  }
}
