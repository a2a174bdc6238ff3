/** Evaluates `when` and `enablement` clauses as VS Code documents them: `&&` before `||`, `!`, `==`, `!=`, `=~`, brackets. */
export type Context = Readonly<Record<string, string | number | boolean>>;

export function holds(clause: string, context: Context): boolean {
  const tokens = clause.match(/&&|\|\||==|!=|=~|!|\(|\)|\/(?:\\.|[^/\\])+\/\w*|'[^']*'|[\w.-]+/g) ?? [];
  if (tokens.join('') !== clause.replace(/\s+(?=(?:[^']*'[^']*')*[^']*$)/g, ''))
    throw new Error(`Not understood: ${clause}`);
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const either = (): boolean => {
    let value = both();
    while (tokens[at] === '||') {
      next();
      value = both() || value;
    }
    return value;
  };
  const both = (): boolean => {
    let value = term();
    while (tokens[at] === '&&') {
      next();
      value = term() && value;
    }
    return value;
  };
  const term = (): boolean => {
    const token = next();
    if (token === '!') return !term();
    if (token === '(') {
      const value = either();
      if (next() !== ')') throw new Error(`A bracket is missing: ${clause}`);
      return value;
    }
    if (token === 'true' || token === 'false') return token === 'true';
    const value = context[token];
    const operator = tokens[at];
    if (operator !== '==' && operator !== '!=' && operator !== '=~') return Boolean(value);
    next();
    const wanted = next().replace(/^'|'$/g, '');
    if (operator === '=~')
      return new RegExp(wanted.slice(1, wanted.lastIndexOf('/'))).test(String(value ?? ''));
    return (String(value ?? '') === wanted) === (operator === '==');
  };
  const value = either();
  if (at !== tokens.length) throw new Error(`Not understood from ${tokens[at] ?? ''}: ${clause}`);
  return value;
}
