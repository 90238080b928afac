const ESCAPES: Readonly<Record<string, string>> = { '/': '%2f', '\\': '%5c', '%': '%25' };
const PLAIN: Readonly<Record<string, string>> = { '%2f': '/', '%5c': '\\', '%25': '%' };

/** A name without the escapes that vCenter has for `/`, `\` and `%`, and without blanks at its ends. */
export function plainName(name: string): string {
  return name.replaceAll(/%(?:2f|5c|25)/gi, (escape) => PLAIN[escape.toLowerCase()] ?? escape).trim();
}

/** A name as vCenter keeps and shows it, whichever form it was given in. Case stays as it was given. */
export function keptName(name: string): string {
  return plainName(name).replaceAll(/[/\\%]/g, (character) => ESCAPES[character] ?? character);
}

/** vCenter takes two spellings that differ by case, or by their escapes, for one name. */
export function nameKey(name: string): string {
  return plainName(name).toLowerCase();
}
