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

/** The attributes and header fields that name the link of an object; header.devName is a part of a nest. */
const LINK = ['ifname', 'ifaIndex', 'ndmIfindex', 'tcmIfindex', 'oif', 'ifindex', 'header.devName'];

/** The words of other programs for attributes; the first attribute that the request has is meant. */
const ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['dev', LINK],
  ['device', LINK],
  ['iface', LINK],
  ['interface', LINK],
  ['kind', ['linkinfo.kind']],
  ['lladdr', ['address']],
  ['mac', ['address', 'lladdr']],
  ['metric', ['priority']],
  ['name', ['ifname']],
  ['to', ['dst']],
  ['type', ['linkinfo.kind']],
  ['via', ['gateway']],
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

/** Returns the path of the attribute that a word of another program means in a request; undefined if the request has none of that meaning. */
export function meantAttribute(word: string, names: readonly string[]): string | undefined {
  return ATTRIBUTES.get(word)?.find((path) => names.includes(path.split('.')[0]!));
}
