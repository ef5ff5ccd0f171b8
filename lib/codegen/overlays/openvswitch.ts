import type { Overlay, OverlayEntry } from '../overlay.js';
import { be16, be32, gap, mac, needsOne, notification, operation, s32, u16, u32, u8 } from './words.js';

const HEADER = 'linux/openvswitch.h';
const FIXED = { 'fixed-header': 'ovs-header' };
const IPV4 = { 'display-hint': 'ipv4' };

/** The change of all families. */
const INTERFACE: OverlayEntry = {
  header: HEADER,
  changeDefinition: 'ovs-header',
  to: { members: [s32('dp-ifindex')] },
  reason: 'it is signed',
};

/** Returns the notifications of a family; all have the contents of its get operation. */
function notifications(group: string): OverlayEntry {
  return {
    header: HEADER,
    addOperations: [
      notification('new-ntf', 'get', 1, [group]),
      notification('del-ntf', 'get', 2, [group]),
      notification('set-ntf', 'get', 4, [group]),
    ],
  };
}

/** @internal */
export const ovsDatapath: Overlay = {
  source: 'ovs_datapath',
  entries: [
    INTERFACE,
    notifications('ovs_datapath'),
    { header: HEADER, set: 'datapath', changeAttribute: 'ifindex', to: { type: 's32' } },
    { header: HEADER, addOperations: [operation('set', 'datapath', { do: [4, 4] }, FIXED)] },
  ],
};

/** @internal */
export const ovsVport: Overlay = {
  source: 'ovs_vport',
  entries: [
    INTERFACE,
    notifications('ovs_vport'),
    { header: HEADER, set: 'vport', changeAttribute: 'ifindex', to: { type: 's32' } },
    { header: HEADER, set: 'vport', changeAttribute: 'netnsid', to: { type: 's32' } },
    { header: HEADER, addOperations: [operation('set', 'vport', { do: [4, 4] }, FIXED)] },
  ],
};

/** @internal */
export const ovsPacket: Overlay = {
  source: 'ovs_packet',
  entries: [
    INTERFACE,
    // The kernel sends both to the port ID in OVS_VPORT_ATTR_UPCALL_PID of the port, or in the action.
    ...['miss', 'action'].map((name): OverlayEntry => ({ header: 'linux/openvswitch.h', changeOperation: name, to: { unicast: true } })),
  ],
};

/** The actions are carried out in order, and an action may be repeated. */
function ordered(set: string, changeAttribute: string): OverlayEntry {
  return { header: HEADER, set, changeAttribute, to: { type: 'ordered-nest' }, reason: 'actions have an order, and come again' };
}

/** @internal */
export const ovsFlow: Overlay = {
  source: 'ovs_flow',
  entries: [
    INTERFACE,
    notifications('ovs_flow'),
    { header: HEADER, set: 'flow-attrs', changeAttribute: 'probe', to: { type: 'flag' } },
    ...['ipv4-src', 'ipv4-dst'].map((name) => ({ header: HEADER, set: 'tunnel-key-attrs', changeAttribute: name, to: IPV4 })),
    ...['ipv6-src', 'ipv6-dst'].map((name) => ({
      header: HEADER,
      set: 'tunnel-key-attrs',
      changeAttribute: name,
      to: { 'display-hint': 'ipv6' },
    })),
    {
      header: HEADER,
      set: 'tunnel-key-attrs',
      changeAttribute: 'geneve-opts',
      to: { 'sub-type': null },
      reason: 'options as they are on the wire, each with a header of its own, are no numbers',
    },
    ordered('flow-attrs', 'actions'),
    ordered('action-attrs', 'clone'),
    ordered('sample-attrs', 'actions'),
    ordered('check-pkt-len-attrs', 'actions-if-greater'),
    ordered('check-pkt-len-attrs', 'actions-if-less-equal'),
    ordered('dec-ttl-attrs', 'action'),
    { header: HEADER, set: 'action-attrs', addAttributes: [u32('drop', { value: 24 })] },
    {
      header: HEADER,
      addOperations: [
        operation('del', 'flow-attrs', { do: [2, 2] }, FIXED),
        operation('set', 'flow-attrs', { do: [4, 4] }, FIXED),
        { name: 'flush', ...FIXED, do: { request: { value: 2 } } },
      ],
    },
    needsOne(HEADER, 'del', ['key', 'ufid'], 'deletes all flows of the datapath (flush does that)'),
    {
      header: HEADER,
      set: 'action-attrs',
      changeAttribute: 'psample',
      to: { value: 25 },
      reason: 'a number of the kernel alone comes before it',
    },
    {
      header: HEADER,
      changeDefinition: 'ovs-key-arp',
      to: {
        members: [
          be32('arp-sip', IPV4),
          be32('arp-tip', IPV4),
          be16('arp-op'),
          mac('arp-sha', { len: 6 }),
          mac('arp-tha', { len: 6 }),
          gap('pad', 2),
        ],
      },
      reason: 'the padding is missing',
    },
    {
      header: HEADER,
      changeDefinition: 'ovs-key-ct-tuple-ipv4',
      to: {
        members: [be32('ipv4-src', IPV4), be32('ipv4-dst', IPV4), be16('src-port'), be16('dst-port'), u8('ipv4-proto'), gap('pad', 3)],
      },
      reason: 'the padding is missing',
    },
    {
      header: HEADER,
      changeDefinition: 'ovs-action-push-mpls',
      to: { members: [be32('mpls-lse'), be16('mpls-ethertype'), gap('pad', 2)] },
      reason: 'the ethertype has 16 bits',
    },
    {
      header: HEADER,
      changeDefinition: 'ovs-action-add-mpls',
      to: { members: [be32('mpls-lse'), be16('mpls-ethertype'), u16('tun-flags')] },
      reason: 'the ethertype has 16 bits',
    },
  ],
};
