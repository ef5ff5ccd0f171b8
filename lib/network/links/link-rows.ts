import { omitUndefined } from '../../check/index.js';
import { IfinfoFlags, type GetlinkReply } from '../../families/rt-link.js';
import { engineWords } from '../common/json.js';
import { withRow } from '../common/written.js';
import { readOptions } from '../fields/option-table.js';
import type { LinkNames } from '../names/link-names.js';
import { kinds } from './kinds/kinds.js';
import type { KindData } from './kinds/kind.js';
import type { Link, OperationalState } from './link.js';
import { BOND_PORT } from './ports/bond-port.js';
import { BRIDGE_PORT } from './ports/bridge-port.js';
import { IPV4, ipv4Data } from './settings/ipv4-settings.js';
import { IPV6 } from './settings/ipv6-settings.js';
import { OFFLOAD } from './settings/offload-settings.js';

/** The flags that are properties, and those that mean the opposite. @internal */
export const FLAGS: readonly (readonly [
  name: 'up' | 'arp' | 'multicast' | 'allMulticast' | 'promiscuous',
  flag: number,
  inverse?: true,
])[] = [
  ['up', IfinfoFlags.Up],
  ['arp', IfinfoFlags.NoArp, true],
  ['multicast', IfinfoFlags.Multicast],
  ['allMulticast', IfinfoFlags.AllMulti],
  ['promiscuous', IfinfoFlags.Promisc],
];

const STATES: Readonly<Record<string, OperationalState>> = { notpresent: 'not-present', lowerlayerdown: 'lower-layer-down' };

/** A MAC address that is not all zeros. */
const MAC = /^(?!00:00:00:00:00:00$)[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** Translates the operational state of a row (`IFLA_OPERSTATE`). @internal */
export function stateOf(operstate: GetlinkReply['operstate']): OperationalState {
  return operstate === undefined ? 'unknown' : (STATES[operstate] ?? (operstate as OperationalState));
}

/** Translates a row. @param names - The links that the row names by their indexes. @internal */
export function linkOf(row: GetlinkReply, names: LinkNames): Link {
  const { linkinfo, afSpec, ifiFlags } = row;
  const kind = linkinfo?.kind;
  const has = (flag: number): boolean => (ifiFlags & flag) !== 0;
  return withRow(
    omitUndefined({
      name: row.ifname!,
      index: row.ifiIndex,
      kind,
      ...Object.fromEntries(FLAGS.map(([name, flag, inverse]) => [name, has(flag) !== (inverse === true)])),
      mtu: row.mtu,
      mac: macOf(row.address),
      alias: row.ifalias,
      group: row.group,
      txQueueLength: row.txqlen,
      txQueues: row.numTxQueues,
      rxQueues: row.numRxQueues,
      master: row.master === undefined ? undefined : names.nameOf(row.master),
      ...endOf(row, kind, names),
      altnames: row.propList?.altIfname,
      ...kindOf(row, names),
      ...portOf(linkinfo, names),
      offload: readOptions(OFFLOAD, row, names),
      ipv4: afSpec?.inet?.conf === undefined ? undefined : readOptions(IPV4, ipv4Data(afSpec.inet.conf), names),
      ipv6: afSpec?.inet6 === undefined ? undefined : readOptions(IPV6, afSpec.inet6, names),
      carrier: has(IfinfoFlags.LowerUp),
      state: stateOf(row.operstate),
      minMtu: row.minMtu,
      maxMtu: row.maxMtu === 0 ? undefined : row.maxMtu,
      permanentMac: macOf(row.permAddress),
      driver: driverOf(row),
    }),
    row,
  ) as unknown as Link;
}

/** Returns the address of a link that is a MAC address; that of a tunnel may be an IP address. */
function macOf(address: string | undefined): string | undefined {
  return address !== undefined && MAC.test(address) ? address : undefined;
}

function driverOf({ parentDevBusName, parentDevName }: GetlinkReply): object | undefined {
  if (parentDevBusName === undefined && parentDevName === undefined) return undefined;
  return omitUndefined({ bus: parentDevBusName, device: parentDevName });
}

/** Returns the index of the parent or the peer; that of a tunnel may be among its options only. */
function lowerIndex({ link, linkinfo }: GetlinkReply): number | undefined {
  if (link !== undefined || linkinfo?.kind === undefined || kinds.get(linkinfo.kind)?.parentIn === undefined) return link;
  return (linkinfo.data as { readonly link?: number } | undefined)?.link;
}

/** Returns the link behind IFLA_LINK: the parent, or the other end of a pair. */
function endOf(row: GetlinkReply, kind: string | undefined, names: LinkNames): object {
  const { linkNetnsid, ifiIndex } = row;
  const link = lowerIndex(row);
  if (link === undefined || link === 0 || (link === ifiIndex && linkNetnsid === undefined)) return {};
  const name = linkNetnsid === undefined ? names.nameOf(link) : undefined;
  if (kind !== undefined && kinds.get(kind)?.peerIn !== undefined) {
    const peer = omitUndefined({ index: link, name, netnsid: linkNetnsid });
    return { peer };
  }
  if (linkNetnsid !== undefined) return { elsewhere: { index: link, netnsid: linkNetnsid } };
  return { parent: name };
}

function kindOf({ linkinfo, link, linkNetnsid }: GetlinkReply, names: LinkNames): object {
  const { kind, data } = linkinfo ?? {};
  if (kind === undefined) return {};
  const known = kinds.get(kind);
  if (known === undefined) return data === undefined ? {} : { options: engineWords(data) };
  const options = data === undefined ? undefined : readOptions(known.options, known.fromData?.(data as KindData) ?? data, names);
  const other = known.peerIn === undefined || linkNetnsid !== undefined ? undefined : names.nameOf(link ?? 0);
  const complete = other === undefined ? options : { peer: { name: other }, ...options };
  return complete === undefined ? {} : { [kind]: complete };
}

function portOf(linkinfo: GetlinkReply['linkinfo'], names: LinkNames): object {
  if (linkinfo?.slaveKind === 'bridge') return omitUndefined({ bridgePort: readOptions(BRIDGE_PORT, linkinfo.slaveData ?? {}, names) });
  if (linkinfo?.slaveKind === 'bond') return omitUndefined({ bondPort: readOptions(BOND_PORT, linkinfo.slaveData ?? {}, names) });
  return {};
}

/** Returns the indexes of the links that a row names. @internal */
export function relatedIndexes(row: GetlinkReply): readonly number[] {
  const { linkinfo, master, linkNetnsid } = row;
  const known = linkinfo?.kind === undefined ? undefined : kinds.get(linkinfo.kind);
  const inData = Object.values(known?.options ?? {}).flatMap(({ names, attribute }) =>
    names === 'link' ? [(linkinfo?.data as KindData | undefined)?.[attribute] as number | undefined] : [],
  );
  const backup = linkinfo?.slaveKind === 'bridge' ? linkinfo.slaveData?.backupPort : undefined;
  const indexes = [master, linkNetnsid === undefined ? lowerIndex(row) : undefined, backup, ...inData];
  return [...new Set(indexes.filter((index) => index !== undefined && index > 0 && index !== row.ifiIndex))] as number[];
}
