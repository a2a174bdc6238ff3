import * as vscode from 'vscode';
import { countedThing } from '../../text/eventTexts.js';
import { hottestPath, withoutMiddle } from '../../views/hottestPath.js';
import { calleesOfLine, neighborsOf, type Neighbor } from '../../views/neighbors.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { commandLink } from '../shared/commands.js';
import { commandIds, type FunctionRef } from '../shared/contributions.js';
import type { Difference } from './annotatedDocument.js';
import type { DocumentDifferences } from './differences.js';
import { differenceTable, type LineDifferences } from './differenceText.js';
import { hotInstructions } from './hotInstructions.js';
import { hoverText, type HoverLinks, type Relation } from './hoverText.js';

interface State {
  /** The function was edited after it was profiled. */
  readonly edited: boolean;
  readonly difference: Difference | undefined;
  readonly canCompare: boolean;
  /** Where differences are shown: of the document, and of the line. */
  readonly differences:
    { readonly of: DocumentDifferences; readonly here: LineDifferences | undefined } | undefined;
}

/** What links of a hover may invoke. */
const linked = [
  commandIds.revealInFlameGraph,
  commandIds.openHotspot,
  commandIds.showHottestPath,
  commandIds.showMachineCode,
  commandIds.showWhatIf,
  commandIds.profileAgain,
  commandIds.compareWithProfiled,
];

/** Functions of the hottest path that are named; a command lists the others. */
const mostSteps = 6;

/** Relatives of a function that are named; the flame graph has the others. */
const mostRelatives = 4;

export async function hoverOf(
  part: AnnotatedLine,
  shown: ShownRun,
  state: State,
): Promise<vscode.MarkdownString> {
  const { run, recorded } = shown;
  const { profile, tree } = shown.samples;
  const { event } = profile;
  const { differences } = state;
  const [hottest] = part.functions;
  const ref = (func: number): FunctionRef => ({ runId: run.id, func });
  const file = part.cost && recorded.strings[part.cost.file];
  const place = file === undefined ? undefined : { file, line: part.line };
  const links: HoverLinks = {
    flameGraph: (func) => commandLink(commandIds.revealInFlameGraph, ref(func)),
    path: (func) => commandLink(commandIds.showHottestPath, ref(func)),
    source: (func) => commandLink(commandIds.openHotspot, ref(func)),
    code:
      recorded.addresses &&
      ((func) => commandLink(commandIds.showMachineCode, { ...ref(func), ...(place && { place }) })),
    whatIf: (func) => commandLink(commandIds.showWhatIf, ref(func)),
    profileAgain: commandLink(commandIds.profileAgain),
    compare: state.canCompare ? commandLink(commandIds.compareWithProfiled) : undefined,
  };
  const all = tree.total[0] as number;
  const nearest = (list: readonly Neighbor[]) => list.filter(({ func }) => func >= 0).slice(0, mostRelatives);
  const named = (list: readonly Neighbor[]): Relation[] =>
    list.map(({ func, weight }) => ({ func, name: shown.functionName(func), share: weight / all }));
  /** Of a single caller, the list of callers says as much. */
  const path = (func: number) => {
    const { first, leftOut, last } = withoutMiddle(hottestPath(tree, func), mostSteps);
    return first.length + last.length > 2 ? { first: named(first), leftOut, last: named(last) } : undefined;
  };
  const relations = () => {
    if (hottest) {
      const { callers, callees, inlinedInto } = neighborsOf(tree, hottest.func);
      return {
        callers: named(nearest(callers)),
        callees: named(nearest(callees)),
        inlinedInto: named(nearest(inlinedInto)),
        path: path(hottest.func),
      };
    }
    const callees = part.cost ? calleesOfLine(profile, part.cost.file, part.line) : [];
    return { callers: [], path: undefined, callees: named(nearest(callees)), inlinedInto: [] };
  };
  const text = hoverText(
    part,
    {
      preset: run.preset.name,
      createdAt: run.createdAt,
      event: event.name,
      fallback: event.fallback,
      samples: profile.samples.length,
      // Nor are sums that a file has numbers of samples.
      exact: event.exact === true || event.taken !== undefined,
      counted: event.exact
        ? { amount: tree.total[0] ?? 0, thing: countedThing(event) ?? event.name }
        : undefined,
      perOp: event.exact ? run.stat?.derived.instructionsPerOp : undefined,
      edited: state.edited,
      difference: state.difference,
      comparison: differences && differenceTable(differences.here, part.cost !== undefined, differences.of),
      instructions: await hotInstructions(shown, part),
      relations: relations(),
    },
    links,
  );
  const markdown = new vscode.MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: linked };
  return markdown;
}
