import { suggestion } from '../../check/index.js';
import { Protocol } from '../../wire/index.js';
import { UsageError } from '../run/usage-error.js';

/** The netlink protocols by the names that linux/netlink.h, strace and people use: `sock_diag` is NETLINK_SOCK_DIAG. */
const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries(Protocol).map(([name, number]) => [name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase(), number]),
);
const NAMES: ReadonlyMap<number, string> = new Map([...NUMBERS].map(([name, number]) => [number, name]));

/** The names of strace that differ: NETLINK_INET_DIAG is the old one of NETLINK_SOCK_DIAG, and SELinux is one word. */
const OTHER_NAMES: Readonly<Record<string, number>> = {
  inet_diag: Protocol.SockDiag,
  selinux: Protocol.SeLinux,
  kobject_uevent: Protocol.KobjectUevent,
};

/** Returns the name of a protocol; its number if it has none. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/** Returns the number of a protocol by its name or its number; undefined if there is no such protocol. */
export function protocolNumber(word: string): number | undefined {
  const name = word.toLowerCase().replace(/^netlink_/, '');
  return NUMBERS.get(name) ?? OTHER_NAMES[name] ?? (/^(?:\d+|0x[\da-f]+)$/.test(name) ? Number(name) : undefined);
}

/** Returns the protocol that an option names, or throws an error that names a similar one. */
export function protocolOption(word: string): number {
  const number = protocolNumber(word);
  if (number !== undefined) return number;
  const similar = suggestion(word, [...NUMBERS.keys()], '; ') || `; expected a number, or one of ${[...NUMBERS.keys()].join(', ')}`;
  throw new UsageError(`--protocol ${word}: no netlink protocol has this name${similar}`);
}
