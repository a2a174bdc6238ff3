import type { Classifier } from '../categories/classifier.js';
import type { Scenario } from '../lab/labFile.js';
import { buildCallTree, type CallTree } from '../../views/callTree.js';
import { ownColumns } from '../../wire/ownColumns.js';
import { packSamples } from '../../wire/packedSamples.js';
import { packTree } from '../../wire/packedTree.js';
import type { Profile } from '../../model/profile.js';
import { packStrings } from '../../wire/packedStrings.js';
import { programName } from '../../views/diffTree.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { RunDocument } from '../../model/run.js';
import { argumentsThatDiffer } from '../store/runArguments.js';
import type { PanelProfile, SentProfile } from '../../wire/panelData.js';

/**
 * A profile and its run for the panel: the profile's columns with packed names and samples, and classified functions.
 * @param name what the run is called, unless by its preset
 * @param tree of all samples of the first event
 */
export function toPanelProfile(
  run: RunDocument,
  profile: Profile,
  classifier: Classifier,
  {
    scenarios = [],
    tree = buildCallTree(ofEvent(profile)),
    name = run.preset.name,
  }: {
    readonly scenarios?: readonly Scenario[] | undefined;
    readonly tree?: CallTree;
    readonly name?: string;
  } = {},
): SentProfile {
  const { category, names, colors } = classifier.table(profile);
  const { events, functions, frames, stacks, samples, threads, notes } = profile;
  return {
    runId: run.id,
    preset: run.preset.name,
    name,
    program: programName(run.preset.program, profile),
    createdAt: run.createdAt,
    ...(run.importedFrom === undefined ? {} : { importedFrom: run.importedFrom }),
    events,
    strings: packStrings(profile.strings),
    functions: ownColumns(functions),
    frames: ownColumns(frames),
    stacks: ownColumns(stacks),
    samples: ownColumns(packSamples(samples)),
    tree: packTree(tree),
    threads,
    category,
    categories: names,
    ...(colors.some((color) => color !== undefined) ? { categoryColors: colors } : {}),
    results: run.results,
    ...argumentsOf(run),
    stat: run.stat,
    notes,
    scenarios: scenarios.map(({ name, description, targets }) => ({
      name,
      description,
      targets: targets.map(({ category, percent }) => ({ category, share: percent / 100 })),
    })),
  };
}

function argumentsOf(run: RunDocument): Pick<PanelProfile, 'differentArguments'> {
  const differentArguments = argumentsThatDiffer(run);
  return differentArguments ? { differentArguments } : {};
}
