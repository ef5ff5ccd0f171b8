import type { Overlay, SpecEntry } from '../overlay.js';

/** The attributes that name the object of some operations, or of all (`*`); see `ObjectSchema`. */
function object(operations: string, ...words: (readonly string[])[]): SpecEntry {
  return { name: operations, operations: operations.split(' '), words };
}

const INTERFACE = [' on interface ', 'ifindex'] as const;
const OF_TABLE = [' of table ', 'table'] as const;

/** The objects that operations act on, by specification; errors name them. */
const OBJECTS: Readonly<Record<string, readonly SpecEntry[]>> = {
  'rt-link': [object('newlink dellink getlink setlink', ['interface ', 'ifname', 'altIfname', 'ifiIndex'], [', kind ', 'linkinfo.kind'])],
  'rt-addr': [
    object('newaddr deladdr', ['address'], [' ', 'local', 'address'], ['/', 'ifaPrefixlen'], [' on interface ', 'ifaIndex']),
    object('getaddr', ['address'], [' ', 'local', 'address'], [' on interface ', 'ifaIndex']),
  ],
  'rt-route': [
    object(
      'newroute delroute getroute',
      ...[
        ['route'],
        [' to ', 'dst'],
        ['/', 'rtmDstLen'],
        [' via ', 'gateway'],
        [' on interface ', 'oif'],
        [' in table ', 'table', 'rtmTable'],
      ],
    ),
    object('newnexthop delnexthop getnexthop getnexthopbucket', ['nexthop'], [' ', 'id']),
  ],
  'rt-rule': [
    object(
      'newrule delrule',
      ...[['rule'], [' with priority ', 'priority'], [' from ', 'src'], ['/', 'srcLen'], [' to ', 'dst'], ['/', 'dstLen']],
      [' for table ', 'table'],
    ),
  ],
  'rt-neigh': [object('newneigh delneigh getneigh', ['neighbour'], [' ', 'dst', 'lladdr'], [' on interface ', 'ndmIfindex'])],
  tc: [
    object('newqdisc delqdisc getqdisc', ['qdisc'], [' ', 'kind'], [' 0x', 'handle'], [' at parent 0x', 'parent'], INTERFACE),
    object('newtclass deltclass gettclass', ['class'], [' ', 'kind'], [' 0x', 'handle'], [' at parent 0x', 'parent'], INTERFACE),
    object('newtfilter deltfilter gettfilter', ['filter'], [' ', 'kind'], [' 0x', 'handle'], [' at parent 0x', 'parent'], INTERFACE),
    object('newchain delchain getchain', ['chain'], [' ', 'chain'], [' at parent 0x', 'parent'], INTERFACE),
  ],
  nftables: [
    object('newtable deltable destroytable gettable', ['table ', 'name', 'handle']),
    object('newchain delchain destroychain getchain', ['chain ', 'name', 'handle'], OF_TABLE),
    object('flushtable', ['table ', 'table']),
    object('newrule delrule destroyrule getrule flushchain', ['rule'], [' ', 'handle'], [' of chain ', 'chain'], OF_TABLE),
    object('newset delset destroyset getset', ['set ', 'name', 'handle'], OF_TABLE),
    object('newsetelem delsetelem destroysetelem getsetelem flushset', ['elements of set ', 'set'], OF_TABLE),
    object('newobj delobj destroyobj getobj', ['object ', 'name', 'handle'], OF_TABLE),
    object('newflowtable delflowtable destroyflowtable getflowtable', ['flowtable ', 'name', 'handle'], OF_TABLE),
  ],
  conntrack: [
    object(
      'new get delete',
      ['connection'],
      [' from ', 'tupleOrig.tupleIp.ipV4Src', 'tupleOrig.tupleIp.ipV6Src'],
      [' port ', 'tupleOrig.tupleProto.protoSrcPort'],
      [' to ', 'tupleOrig.tupleIp.ipV4Dst', 'tupleOrig.tupleIp.ipV6Dst'],
      [' port ', 'tupleOrig.tupleProto.protoDstPort'],
    ),
  ],
  ethtool: [object('*', ['interface ', 'header.devName', 'header.devIndex'])],
  ovpn: [
    object('peer-new peer-set peer-get peer-del', ['interface ', 'ifindex'], [', peer ', 'peer.id']),
    object('key-new key-get key-swap key-del', ['interface ', 'ifindex'], [', peer ', 'keyconf.peerId']),
  ],
  ovs_packet: [object('execute', ['datapath ', 'dpIfindex'])],
  psp: [
    object('dev-get dev-set key-rotate dev-assoc dev-disassoc', ['device ', 'id']),
    object('rx-assoc tx-assoc get-stats', ['device ', 'devId']),
  ],
  wireguard: [object('get-device set-device', ['interface ', 'ifname', 'ifindex'])],
  team: [object('options-set options-get port-list-get', ['interface ', 'teamIfindex'])],
  ovs_datapath: [object('get new del', ['datapath ', 'name', 'dpIfindex'])],
  ovs_vport: [object('get new del', ['port ', 'name', 'portNo', 'ifindex'], [' of datapath ', 'dpIfindex'])],
  nl80211: [object('get-interface set-interface new-interface del-interface trigger-scan', ['interface ', 'ifname', 'ifindex'])],
  tcp_metrics: [object('get del', ['destination ', 'addrIpv4', 'addrIpv6'])],
};

/** Adds the declarations of objects to the overlays; a specification without an overlay gets one. @internal */
export function withObjects(overlays: readonly Overlay[]): readonly Overlay[] {
  const sources = new Set([...overlays.map(({ source }) => source), ...Object.keys(OBJECTS)]);
  return [...sources].map((source): Overlay => {
    const entries = overlays.find((overlay) => overlay.source === source)?.entries ?? [];
    const addObjects = OBJECTS[source];
    if (addObjects === undefined) return { source, entries };
    const [header = `linux/${source}.h`] = entries.map((entry) => entry.header);
    return { source, entries: [...entries, { header, addObjects, reason: 'errors name what an operation acts on' }] };
  });
}
