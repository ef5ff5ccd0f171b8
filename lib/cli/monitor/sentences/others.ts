import { isConcealed, isSecret, secretText } from '../../../schema/internal.js';
import { words, type Sentence } from './sentence.js';

/** Text that would make a line hard to read. */
const LONGEST = 200;

/** A property of a decoded message. */
type Property = string | number | bigint | boolean | object | null | undefined;

/** Returns the properties of a value in one line: `linkinfo.kind=dummy mtu=1500`. Of key material it has the length only. */
export function properties(value: object, path = ''): string {
  const parts: string[] = [];
  for (const [name, part] of Object.entries(value) as [string, Property][]) {
    const here = path === '' ? name : `${path}.${name}`;
    if (isSecret(part) || isConcealed(value, name)) parts.push(`${here}=${secretText(isSecret(part) ? part : undefined)}`);
    else if (part instanceof Uint8Array) parts.push(`${here}=0x${Buffer.from(part).toString('hex')}`);
    else if (typeof part === 'object' && part !== null) parts.push(properties(part, here));
    else if (part !== undefined) parts.push(`${here}=${String(part)}`);
  }
  return parts.filter((part) => part !== '').join(' ');
}

/** `ethtool rings header.devName=eth0 rx=256`: of all families that have no sentence of their own. */
export const other: Sentence<object> = (value, { topic, operation }) => {
  const text = words(topic, operation, properties(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
};

/** `device add /devices/virtual/net/v0 (net)`. */
export const device: Sentence<{ readonly devpath: string; readonly subsystem: string }> = ({ devpath, subsystem }, { operation }) =>
  `device ${operation} ${devpath} (${subsystem})`;

/** `namespace number 3 added`. */
export const nsid: Sentence<{ readonly nsid?: number }> = ({ nsid: number }, { operation }) =>
  words('namespace number', number, operation === 'delnsid' ? 'removed' : 'added');

/** `netconf of eth0 forwarding=1`. */
export const netconf: Sentence<{ readonly ifindex?: number; readonly ncmFamily: number }> = (value, { operation }, { links }) => {
  const { ifindex = 0, ncmFamily, ...settings } = value;
  const name = ifindex === -1 ? 'all links' : ifindex === -2 ? 'new links' : links.nameOf(ifindex);
  return words(NETCONF_FAMILIES[ncmFamily], 'netconf of', name, operation === 'delnetconf' ? 'removed' : properties(settings));
};

/** AF_INET, AF_INET6, AF_MPLS. */
const NETCONF_FAMILIES: Readonly<Record<number, string>> = { 2: 'IPv4', 10: 'IPv6', 28: 'MPLS' };

/** `family nl80211 registered`. */
export const family: Sentence<{ readonly familyName?: string }> = ({ familyName }, { operation }) => {
  const verb = { newfamily: 'registered', delfamily: 'unregistered', 'newmcast-grp': 'has a new group', 'delmcast-grp': 'lost a group' }[
    operation
  ];
  return words('generic family', familyName, verb ?? operation);
};
