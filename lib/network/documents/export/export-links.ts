import { kinds } from '../../links/kinds/kinds.js';
import type { Link } from '../../links/link.js';
import { FALLBACK } from '../../links/link-model.js';
import type { VlanRange } from '../../links/parts/vlan-range.js';
import { sameValue } from '../../../live/internal.js';
import { choosesQueues, initialLink, initialOptions } from './initial-values.js';
import { optionsWithoutInitial, withoutInitial } from './without-initial.js';

type Values = Readonly<Record<string, unknown>>;

/** The costs of ports by the speed of the link (`port_cost` in net/bridge/br_if.c). */
const USUAL_COSTS: readonly unknown[] = [2, 4, 19, 100];

/** The VLANs of a new port (`vlan_default_pvid`). */
const USUAL_VLANS: readonly VlanRange[] = [{ id: 1, pvid: true, untagged: true }];

/** The bytes that VXLAN adds to packets, over IPv4 and IPv6. */
const VXLAN_HEADERS = [50, 70];

/** Kinds whose MTU and MAC address are those of the parent, until they are set. */
const LIKE_PARENT: ReadonlySet<string | undefined> = new Set(['vlan', 'macvlan', 'macvtap', 'ipvlan', 'ipvtap']);

/** The length of the text of a MAC address. */
const MAC_LENGTH = 17;

/** Returns the properties of all links that differ from those of new ones, with their names. @internal */
export function exportLinks(links: readonly Link[]): ReadonlyMap<Link, Values> {
  const exported = new Map<Link, Values>();
  const described = new Set<string>();
  for (const link of links) {
    const peer = peerNameOf(link);
    // One end of a pair describes both; the other end exists then.
    const isPeer = peer !== undefined && described.has(link.name);
    if (peer !== undefined && !isPeer) described.add(peer);
    const isMade = link.kind !== undefined && !isPeer && !FALLBACK.has(link.name);
    const values = { ...(isMade && kindOf(link, peer)), ...propertiesOf(link, links, isMade) };
    exported.set(link, values);
  }
  return exported;
}

function peerNameOf(link: Link): string | undefined {
  const options = (link as unknown as Values)[link.kind ?? ''] as { readonly peer?: { readonly name?: string } } | undefined;
  return options?.peer?.name;
}

function kindOf(link: Link, peer: string | undefined): Values {
  const kind = link.kind!;
  const { options, parent } = link as { readonly options?: object; readonly parent?: string };
  const own = (link as unknown as Values)[kind] as Values | undefined;
  const known = kinds.get(kind);
  const written = known === undefined || own === undefined ? undefined : optionsWithoutInitial(known.options, own, initialOptions(kind));
  const all = { ...written, ...(peer !== undefined && { peer: { name: peer } }) };
  return {
    kind,
    ...(parent !== undefined && { parent }),
    ...(options !== undefined && { options }),
    ...(Object.keys(all).length > 0 && { [kind]: all }),
  };
}

/** Properties that stand elsewhere, or that only the kernel sets. */
const OTHERS: readonly string[] = ['name', 'kind', 'options', 'parent', 'peer', 'elsewhere', 'driver', 'addresses', 'vfs', 'wireguard'];

const STATE: readonly string[] = ['index', 'carrier', 'state', 'minMtu', 'maxMtu', 'permanentMac'];

function propertiesOf(link: Link, all: readonly Link[], isMade: boolean): Values {
  const { kind, altnames = [], vlans = [] } = link as Link & { readonly vlans?: readonly VlanRange[] };
  const left = [...OTHERS, ...STATE, 'altnames', 'vlans', ...(kind === undefined ? [] : [kind])];
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(link).filter(([name]) => !left.includes(name)));
  if (!isMade || choosesQueues(kind)) for (const name of ['txQueues', 'rxQueues']) delete values[name];
  if (followsMac(link, all)) delete values['mac'];
  if (followsMtu(link, all)) delete values['mtu'];
  const { bridgePort } = values as { readonly bridgePort?: Values };
  if (bridgePort !== undefined) values['bridgePort'] = configuredPort(bridgePort);
  return {
    ...withoutInitial(values, initialLink(link)),
    ...(altnames.length > 0 && { altnames }),
    ...(vlans.length > 0 && !sameValue(vlans, USUAL_VLANS) && { vlans }),
  };
}

function configuredPort({ state: _state, cost, ...port }: Values): Values {
  return USUAL_COSTS.includes(cost) ? port : { ...port, cost };
}

/** Returns true if the kernel chooses the MAC address by itself. */
function followsMac(link: Link, all: readonly Link[]): boolean {
  const { kind, mac, name } = link;
  if (kind === undefined || mac?.length !== MAC_LENGTH || kind === 'ipvlan' || kind === 'ipvtap') return true;
  if (kind === 'vlan') return parentOf(link, all)?.mac === mac;
  if (masterOf(link, all)?.kind === 'bond') return true;
  // The ports of a bond lose their own addresses, of which it takes the first.
  if (kind !== 'bridge') return false;
  const ports = all.filter(({ master }) => master === name).map((port) => port.mac);
  return ports.length > 0 && ports.sort()[0] === mac;
}

/** Returns true if the MTU follows that of other links. */
function followsMtu(link: Link, all: readonly Link[]): boolean {
  const { kind, mtu, name } = link;
  if (mtu === undefined) return true;
  const parent = parentOf(link, all)?.mtu;
  if (LIKE_PARENT.has(kind)) return parent === mtu;
  if (kind === 'vxlan') return parent !== undefined && VXLAN_HEADERS.includes(parent - mtu);
  const master = masterOf(link, all);
  if (master?.kind === 'bond') return master.mtu === mtu;
  if (kind !== 'bridge') return false;
  const ports = all.filter((port) => port.master === name).map((port) => port.mtu!);
  return ports.length > 0 && Math.min(...ports) === mtu;
}

function parentOf(link: Link, all: readonly Link[]): Link | undefined {
  return all.find(({ name }) => name === link.parent);
}

function masterOf(link: Link, all: readonly Link[]): Link | undefined {
  return all.find(({ name }) => name === link.master);
}
