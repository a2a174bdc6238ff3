import type { EventProfile } from '../../model/profile.js';
import { functionCosts, type FunctionCosts } from '../../views/costs.js';
import { LabError } from '../labError.js';

/**
 * The function with this name: the whole name, or that without parameters and namespaces, or a part that no other
 * has. Of several with one name, the one with most self cost.
 * @throws LabError `function-unknown`, with what is similar
 */
export function functionNamed(
  profile: EventProfile,
  wanted: string,
  { self, total }: FunctionCosts = functionCosts(profile),
): number {
  const { functions, strings } = profile;
  const names = Array.from(functions.name, (name) => strings[name] as string);
  const hottest = (matches: (name: string) => boolean) => {
    const found = [...names.keys()].filter((f) => matches(names[f] as string));
    return found.sort(
      (a, b) =>
        (self[b] as number) - (self[a] as number) || (total[b] as number) - (total[a] as number) || a - b,
    );
  };
  for (const form of [(name: string) => name, withoutParameters, lastPart]) {
    const [first] = hottest((name) => form(name) === wanted);
    if (first !== undefined) return first;
  }
  const similar = wanted === '' ? [] : hottest((name) => name.toLowerCase().includes(wanted.toLowerCase()));
  const distinct = [...new Set(similar.map((f) => names[f] as string))];
  if (similar[0] !== undefined && distinct.length === 1) return similar[0];
  throw new LabError('function-unknown', `The profile has no function named ${JSON.stringify(wanted)}.`, {
    detail:
      distinct.length > 0
        ? `These contain it: ${distinct.slice(0, 5).join(', ')}${distinct.length > 5 ? ', …' : ''}`
        : `The hottest: ${hottest(() => true)
            .slice(0, 5)
            .map((f) => names[f])
            .join(', ')}`,
    remedy: { text: 'Use one of these names.' },
  });
}

/** `ns::f<int>(char)` is `ns::f<int>`. */
function withoutParameters(name: string): string {
  return name.replace(/(?<=.)\([^()]*\)( const)?$/, '');
}

/** `ns::f<int>(char)` is `f`. */
function lastPart(name: string): string {
  let text = withoutParameters(name);
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/<[^<>]*>/g, '');
  }
  return text.split('::').at(-1) ?? text;
}
