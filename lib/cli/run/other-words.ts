/** The words of `ip`, `ss` and other programs for tables. */
const TABLES: ReadonlyMap<string, string> = new Map([
  ['addr', 'addresses'],
  ['address', 'addresses'],
  ['conntrack', 'connections'],
  ['iface', 'links'],
  ['ifaces', 'links'],
  ['interface', 'links'],
  ['interfaces', 'links'],
  ['neigh', 'neighbours'],
  ['netns', 'namespaces'],
  ['nexthop', 'nexthops'],
  ['nft', 'firewall'],
  ['ss', 'sockets'],
]);

/** The words of other programs for options. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['--namespace', '--netns'],
  ['--ns', '--netns'],
  ['-n', '--netns'],
]);

/** Returns the table that a word of another program means; undefined if it is not one of the names. */
export function meantTable(word: string, names: readonly string[]): string | undefined {
  const meant = TABLES.get(word);
  return meant !== undefined && names.includes(meant) ? meant : undefined;
}

/** Returns the option that one of another program means, also with a value: `--namespace=blue`. Undefined if none of the flags has it. */
export function meantOption(option: string, flags: readonly string[]): string | undefined {
  const meant = OPTIONS.get(option.replace(/=.*/s, ''));
  return meant !== undefined && flags.some((text) => text.split(/[ ,]+/).includes(meant)) ? meant : undefined;
}
