import * as z from '../zod.js';
import type { EventProfile } from '../../model/profile.js';
import { cutsOf, predict } from '../../statistics/amdahl.js';
import { effectiveSamples, exactly, wilsonInterval, type Estimate } from '../../statistics/estimate.js';
import { count, opsPerSec, percent, plural, ratio } from '../../text/numbers.js';
import { functionCosts, lineCosts } from '../../views/costs.js';
import { samplesOf } from '../../views/sampleCount.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { RunDocument } from '../../model/run.js';
import type { PackedFiles } from '../lab/loadLab.js';
import type { Laboratory } from '../laboratory.js';
import { programsOfSources } from '../environment/profiledSources.js';
import { functionNamed } from '../machineCode/namedFunction.js';
import { openToAgents } from './openToAgents.js';
import { runRow } from './runRow.js';
import { machineCode } from '../machineCode/machineCode.js';
import { Sources } from '../machineCode/sources.js';
import { LATEST, runNamed } from '../store/savedRuns.js';
import { withSymbolFolder } from '../symbols/symbolFolders.js';
import { define, limit, run, type AgentTool } from './tool.js';

const named = z
  .string()
  .check(z.minLength(1), z.describe('Name of a function, with or without namespace and parameters'));

/** About what was recorded. */
export const profileTools: readonly AgentTool[] = [
  define('list_runs', 'Lists saved runs, newest first.', { limit }, async ({ store }, { limit: most }) => {
    const ids = await store.list();
    const rows: string[] = [];
    for (const id of ids.slice(0, most)) {
      const found = await store.load(id).catch(() => undefined);
      rows.push(found ? runRow(found, await store.description(id)) : `${id}: unreadable`);
    }
    if (rows.length === 0) return ['There are no saved runs.'];
    return [...rows, ...(ids.length > most ? [`… ${plural(ids.length - most, 'older run')}`] : [])];
  }),
  define(
    'profile_summary',
    'What a run measured: event, samples, counters, throughput, categories, and limitations.',
    { run },
    async (laboratory, { run: id }) => {
      const { document, profile } = await open(laboratory, id);
      const { costs, share } = shares(profile);
      const category = laboratory.classifier.classifyAll(profile);
      const rows = laboratory.classifier.names.map((name, c) => {
        const weight = costs.self.reduce((sum, one, f) => sum + (category[f] === c ? one : 0), 0);
        return { weight, text: `${name}: ${share(weight)}` };
      });
      const counters = document.stat?.counters.map(({ event, value, unit }) =>
        `${event}: ${count(value)} ${unit}`.trimEnd(),
      );
      return [
        runRow(document),
        basis(profile),
        'Self time by category:',
        ...rows
          .filter(({ weight }) => weight > 0)
          .sort((a, b) => b.weight - a.weight)
          .map(({ text }) => text),
        ...(counters?.length ? ['Counters:', ...counters] : ['Hardware counters were not measured.']),
        ...(document.results.length === 0 ? ['Throughput was not measured.'] : []),
        ...profile.notes.map((note) => `Note: ${note}`),
      ];
    },
  ),
  define(
    'hottest_functions',
    'The functions of a run with most self time, with total time and place.',
    { run, limit },
    async (laboratory, { run: id, limit: most }) => {
      const { profile } = await open(laboratory, id);
      const { costs, share } = shares(profile);
      const { functions, strings } = profile;
      const order = [...costs.self.keys()]
        .filter((f) => (costs.self[f] as number) > 0)
        .sort((a, b) => (costs.self[b] as number) - (costs.self[a] as number));
      return [
        basis(profile),
        ...order.slice(0, most).map((f) => {
          const file = strings[functions.file[f] as number];
          const place = file === undefined ? 'source unknown' : placeText(file, functions.line[f] as number);
          return `${strings[functions.name[f] as number]}: self ${share(costs.self[f] as number)}, total ${share(costs.total[f] as number)}, ${place}`;
        }),
      ];
    },
  ),
  define(
    'hottest_lines',
    'The source lines of a run with most self time, with their text.',
    { run, limit },
    async (laboratory, { run: id, limit: most }) => {
      const { profile } = await open(laboratory, id);
      const { share } = shares(profile);
      const sources = new Sources(openToAgents(laboratory.lab, programsOfSources(profile)));
      const rows: string[] = [];
      for (const { file, line, self } of lineCosts(profile).slice(0, most)) {
        const text = (await sources.lines(file))?.[line - 1]?.trim() ?? '(source not on this machine)';
        rows.push(`${file}:${line}: ${share(self)}: ${text}`);
      }
      return [
        basis(profile),
        ...(rows.length > 0 ? rows : ['No lines are known: the program has no debug information.']),
      ];
    },
  ),
  define(
    'function_callers',
    'Who calls a function, and what it calls, by the time spent in the calls.',
    { run, function: named, limit },
    async (laboratory, { run: id, function: name, limit: most }) => {
      const { profile } = await open(laboratory, id);
      const { costs, share } = shares(profile);
      const func = functionNamed(profile, name, costs);
      const { callers, callees } = neighbors(profile, func);
      const rows = (from: ReadonlyMap<number, number>) =>
        [...from]
          .sort((a, b) => b[1] - a[1])
          .slice(0, most)
          .map(([f, weight]) => `  ${nameOf(profile, f)}: ${share(weight)}`);
      return [
        `${nameOf(profile, func)}: self ${share(costs.self[func] as number)}, total ${share(costs.total[func] as number)}`,
        basis(profile),
        'Callers:',
        ...(callers.size > 0 ? rows(callers) : ['  none were recorded']),
        'Callees:',
        ...(callees.size > 0 ? rows(callees) : ['  none were recorded']),
      ];
    },
  ),
  define(
    'hottest_instructions',
    'The instructions of a function with most samples, with their source lines.',
    { run, function: named, limit },
    async (laboratory, { run: id, function: name, limit: most }, context) => {
      const { profile, packed } = await open(laboratory, id);
      const code = await withSymbolFolder(packed?.symbols, () =>
        machineCode(profile, functionNamed(profile, name), {}, context),
      );
      const order = [...code.weight.keys()]
        .filter((i) => (code.weight[i] as number) > 0)
        .sort((a, b) => (code.weight[b] as number) - (code.weight[a] as number));
      const inside = code.samples?.reduce((sum, one) => sum + one, 0);
      const share = (weight: number) => {
        const part = weight / code.symbolWeight;
        return interval(inside === undefined ? exactly(part) : wilsonInterval(part, inside), percent);
      };
      return [
        `${code.symbol} in ${code.module}: ${percent(code.symbolWeight / code.all)} of the profile, with what is inlined in it.`,
        basis(profile, inside),
        ...order.slice(0, most).map((i) => {
          const { address, mnemonic, operands } = code.instructions[i] as (typeof code.instructions)[number];
          const [line] = code.frames[i] ?? [];
          const place = line?.file === undefined ? '' : ` (${placeText(line.file, line.line ?? 0)})`;
          return `${address.toString(16)}: ${share(code.weight[i] as number)}: ${mnemonic} ${operands}${place}`;
        }),
        ...(code.samples
          ? ['A sample may count for the instruction after the one that took the time (skid).']
          : []),
      ];
    },
    'tools',
  ),
  define(
    'what_if',
    'Predicts the speedup if a function cost less, by the law of Amdahl.',
    {
      run,
      function: named,
      remaining: z
        ._default(z.number().check(z.minimum(0), z.maximum(1)), 0)
        .check(z.describe("Part of the function's self time that remains: 0 removes it")),
    },
    async (laboratory, { run: id, function: name, remaining }) => {
      const { document, profile } = await open(laboratory, id);
      const { costs, effective } = shares(profile);
      const func = functionNamed(profile, name, costs);
      const self = costs.self[func] as number;
      const target = {
        kind: 'function' as const,
        index: func,
        share: costs.all > 0 ? (self / costs.all) * remaining : 0,
      };
      const cuts = cutsOf([target], costs.self, new Int32Array(costs.self.length), costs.all);
      const speed = document.results[0]?.opsPerSec;
      const throughput = speed ? { value: speed.median, low: speed.ci95[0], high: speed.ci95[1] } : null;
      const predicted = predict(cuts, { weight: costs.all, effective, throughput });
      return [
        `${nameOf(profile, func)} with ${percent(remaining)} of its self time: ${interval(predicted.speedup, ratio)} as fast`,
        predicted.throughput
          ? `Throughput: ${interval(predicted.throughput, opsPerSec)}`
          : 'Throughput was not measured.',
        'An upper bound: nothing else is assumed to change.',
        basis(profile),
      ];
    },
  ),
  define(
    'profile_preset',
    'Builds a preset of the lab, runs it, and records a profile. Executes programs.',
    { preset: z.string().check(z.minLength(1), z.describe('Name of a preset of the lab file')) },
    async (laboratory, { preset }, context) => {
      const { run: made } = await laboratory.profile(preset, {}, context);
      return [`Saved as run ${made.id}.`, runRow(made)];
    },
    { kind: 'profile', presets: ({ preset }) => [preset] },
  ),
];

async function open(
  laboratory: Laboratory,
  id: string | undefined,
): Promise<{ document: RunDocument; profile: EventProfile; packed: PackedFiles | undefined }> {
  const { store } = laboratory;
  const document = await runNamed(store, id ?? LATEST, 'profile');
  const { lab } = await laboratory.forRun(document);
  return { document, profile: ofEvent(await store.loadProfile(document.id)), packed: lab.packed };
}

/** Assembly has no line of its definition. */
function placeText(file: string, line: number): string {
  return line > 0 ? `${file}:${line}` : file;
}

/**
 * What all shares of an answer are shares of.
 * @param inside of the samples, those in a function that the answer is about
 */
function basis(profile: EventProfile, inside?: number): string {
  const { event } = profile;
  const taken = samplesOf(profile);
  const all = `${plural(taken ?? 0, 'sample')} of ${event.name}`;
  const of = event.exact
    ? `an exact count of ${event.name}`
    : taken === null
      ? `sums of ${event.name} (the file has no number of samples)`
      : inside === undefined
        ? all
        : `the ${count(inside)} in this function of ${all}`;
  const instead = event.fallback
    ? ` (${event.fallback.requested} was not measured: ${event.fallback.reason})`
    : '';
  return `Shares are of ${of}${instead}${taken === null ? '' : ', with 95% intervals in brackets'}.`;
}

function shares(profile: EventProfile) {
  const costs = functionCosts(profile);
  let squares = 0;
  for (const weight of profile.samples.weight) squares += weight * weight;
  const { exact, taken } = profile.event;
  // Sums, of a number of samples that isn't known, have no interval.
  const certain = exact === true || taken === null;
  const effective = certain ? Infinity : (taken ?? effectiveSamples(costs.all, squares));
  const share = (weight: number) => {
    const part = costs.all > 0 ? weight / costs.all : 0;
    return interval(certain ? exactly(part) : wilsonInterval(part, effective), percent);
  };
  return { costs, effective, share };
}

function interval({ value, low, high }: Estimate, format: (value: number) => string): string {
  return low === high ? format(value) : `${format(value)} [${format(low)}–${format(high)}]`;
}

function nameOf({ functions, strings }: EventProfile, func: number): string {
  return strings[functions.name[func] ?? -1] ?? '';
}

/** Weight of samples by direct caller and callee. A sample counts once for each, however often the function recurs. */
function neighbors({ stacks, frames, samples }: EventProfile, func: number) {
  const callers = new Map<number, number>();
  const callees = new Map<number, number>();
  const funcOf = (stack: number) => frames.func[stacks.frame[stack] as number] as number;
  for (let i = 0; i < samples.length; i++) {
    const [up, down] = [new Set<number>(), new Set<number>()];
    let inner = -1;
    for (let s = samples.stack[i] as number; s >= 0; s = stacks.parent[s] as number) {
      if (funcOf(s) === func) {
        const parent = stacks.parent[s] as number;
        if (parent >= 0) up.add(funcOf(parent));
        if (inner >= 0) down.add(inner);
      }
      inner = funcOf(s);
    }
    for (const f of up) callers.set(f, (callers.get(f) ?? 0) + (samples.weight[i] as number));
    for (const f of down) callees.set(f, (callees.get(f) ?? 0) + (samples.weight[i] as number));
  }
  return { callers, callees };
}
