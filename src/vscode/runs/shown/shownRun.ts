import type { Laboratory } from '../../../core/laboratory.js';
import { toPanelProfile } from '../../../core/page/panelProfile.js';
import { buildCallTree, type CallTree } from '../../../views/callTree.js';
import { toDocument } from '../../../views/toDocument.js';
import type { ProfileDocument } from '../../../model/profileDocument.js';
import type { EventProfile, Profile } from '../../../model/profile.js';
import { ofEvent } from '../../../views/sampleFilter.js';
import type { RunDocument } from '../../../model/run.js';
import type { SentProfile } from '../../../wire/protocol.js';
import { SourceCosts } from './sourceCosts.js';

/** A profile with what the views derive from it, each computed when first asked for and then kept. */
export class ShownRun {
  private treeCache: CallTree | undefined;
  private documentCache: ProfileDocument | undefined;
  private costsCache: SourceCosts | undefined;
  private panelCache: SentProfile | undefined;
  /** The event that is shown, of those in `recorded`. */
  readonly profile: EventProfile;

  constructor(
    readonly laboratory: Laboratory,
    readonly run: RunDocument,
    readonly recorded: Profile,
  ) {
    this.profile = ofEvent(recorded);
  }

  /** Of all samples of the shown event: annotations, document and panel share it. */
  get tree(): CallTree {
    return (this.treeCache ??= buildCallTree(this.profile));
  }

  /** Shares in percent, as the command line prints them. */
  get document(): ProfileDocument {
    const { classifier } = this.laboratory;
    return (this.documentCache ??= toDocument(this.profile, classifier, this.run.stat, this.tree));
  }

  /** Costs by source file and line, for the annotations. */
  get costs(): SourceCosts {
    return (this.costsCache ??= new SourceCosts(this.profile, this.laboratory.classifier, this.tree));
  }

  get panel(): SentProfile {
    return (this.panelCache ??= toPanelProfile(
      this.run,
      this.recorded,
      this.laboratory.classifier,
      this.laboratory.lab.definition.whatIf,
      this.tree,
    ));
  }
}
