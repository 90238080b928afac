/** A POSIX shell pattern (`*`, `?`, `[a-z]`, `[!a-z]`) as a regular expression over whole names. */
export function globToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)([^\]]+)\]|[*?]|[.+^${}()|\\[\]]/g, (token, negated, members) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (members === undefined) return `\\${token}`;
    return `[${negated === '!' ? '^' : ''}${String(members).replaceAll('\\', '\\\\').replaceAll('^', '\\^')}]`;
  });
  return new RegExp(`^${source}$`, 's');
}
