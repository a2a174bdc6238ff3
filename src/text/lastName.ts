/**
 * A name without what qualifies it: where there is no room for `std::vector<…>::push_back`, `push_back` tells more than
 * `std::ve…`. Parts without a name of their own (`{lambda#1}`) keep the one before.
 */
export function lastName(name: string): string {
  let start = 0;
  let depth = 0;
  for (let i = 0; i < name.length - 2; i++) {
    const char = name[i] ?? '';
    if ('<([{'.includes(char)) depth++;
    else if ('>)]}'.includes(char)) depth--;
    else if (depth === 0 && char === ':' && name[i + 1] === ':' && name[i + 2] !== '{') start = i + 2;
    // What follows is one name, whatever is in it: `operator<`, `operator std::string`.
    if (i === start && name.startsWith('operator', i)) break;
  }
  return name.slice(start);
}
