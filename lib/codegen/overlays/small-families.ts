import type { FormatEntry, Overlay, SpecEntry } from '../overlay.js';
import { addresses, bits, names, needsOne, notification } from './words.js';

/** @internal */
export const nlctrl: Overlay = {
  source: 'nlctrl',
  entries: [
    { header: 'linux/genetlink.h', addGroups: [{ name: 'notify', value: 16 }], reason: 'its number is fixed: GENL_ID_CTRL' },
    {
      header: 'linux/genetlink.h',
      addOperations: [
        notification('newfamily-ntf', 'getfamily', 1, ['notify']),
        notification('delfamily-ntf', 'getfamily', 2, ['notify']),
        notification('newmcast-grp-ntf', 'getfamily', 7, ['notify']),
        notification('delmcast-grp-ntf', 'getfamily', 8, ['notify']),
      ],
    },
    { header: 'linux/netlink.h', set: 'policy-attrs', changeAttribute: 'mask', to: { value: 12 }, reason: 'the pad comes before it' },
    { header: 'linux/netlink.h', set: 'policy-attrs', changeAttribute: 'pad', to: { value: 11 }, reason: 'it comes before the mask' },
    {
      header: 'linux/genetlink.h',
      changeOperation: 'getpolicy',
      to: {
        merge: {
          key: ['familyId'],
          lists: [
            { path: ['policy'], by: 'append' },
            { path: ['opPolicy'], by: 'append' },
          ],
        },
      },
      reason: 'a policy comes in many messages',
    },
  ],
};

const MPTCP_EVENTS: Readonly<Record<string, number>> = {
  created: 1,
  established: 2,
  closed: 3,
  announced: 6,
  removed: 7,
  'sub-established': 10,
  'sub-closed': 11,
  'sub-priority': 13,
  'listener-created': 15,
  'listener-closed': 16,
};

/** @internal */
export const mptcpPm: Overlay = {
  source: 'mptcp_pm',
  entries: [
    { header: 'linux/mptcp.h', addGroups: [{ name: 'mptcp_pm_cmds' }, { name: 'mptcp_pm_events' }] },
    {
      header: 'linux/mptcp_pm.h',
      addOperations: Object.entries(MPTCP_EVENTS).map(([name, value]): SpecEntry => ({
        name,
        value,
        event: true,
        'attribute-set': 'event-attr',
        mcgrp: ['mptcp_pm_events'],
      })),
    },
    {
      header: 'linux/mptcp.h',
      addDefinitions: [bits('addr-flags', 'mptcp-pm-addr-flag-', ['signal', 'subflow', 'backup', 'fullmesh', 'implicit'])],
    },
    { header: 'linux/mptcp.h', set: 'address', changeAttribute: 'flags', to: { enum: 'addr-flags' } },
    ...addresses('linux/mptcp_pm.h', 'address', ['addr4', 'addr6'], { family: 'family' }),
    ...['address.addr4', 'event-attr.saddr4', 'event-attr.daddr4'].map((place) => ipv4(place)),
    ...['address.addr6', 'event-attr.saddr6', 'event-attr.daddr6'].map((place) => ipv6(place)),
  ],
};

function ipv4(place: string): Overlay['entries'][number] {
  const [set, name] = place.split('.') as [string, string];
  return { header: 'linux/mptcp_pm.h', set, changeAttribute: name, to: { 'display-hint': 'ipv4', 'byte-order': 'big-endian' } };
}

function ipv6(place: string): Overlay['entries'][number] {
  const [set, name] = place.split('.') as [string, string];
  return { header: 'linux/mptcp_pm.h', set, changeAttribute: name, to: { 'display-hint': 'ipv6' } };
}

/** The type of the data of a team option, by the number beside it. A flag that is not set has no data. */
const OPTION_VALUES: readonly FormatEntry[] = ['u32', 'string', 'flag', 'binary', 's32'].map((type) => ({
  value: type,
  content: { type },
}));

/** @internal */
export const team: Overlay = {
  source: 'team',
  entries: [
    { header: 'linux/if_team.h', addGroups: [{ name: 'change_event' }] },
    {
      header: 'linux/if_team.h',
      addOperations: [
        notification('options-get-ntf', 'options-get', 2, ['change_event']),
        notification('port-list-get-ntf', 'port-list-get', 3, ['change_event']),
      ],
    },
    {
      header: 'linux/if_team.h',
      changeOperation: 'options-set',
      to: { do: { request: {} } },
      reason: 'it is never answered but by an ack',
    },
    {
      header: 'linux/if_team.h',
      addDefinitions: [
        names('option-type', 'nla-', [
          ['u32', 3],
          ['string', 5],
          ['flag', 6],
          ['binary', 11],
          ['s32', 14],
        ]),
      ],
    },
    { header: 'linux/if_team.h', addSubMessages: [{ name: 'option-data', formats: OPTION_VALUES }] },
    { header: 'linux/if_team.h', set: 'attr-option', changeAttribute: 'type', to: { enum: 'option-type' } },
    {
      header: 'linux/if_team.h',
      set: 'attr-option',
      changeAttribute: 'data',
      to: { type: 'sub-message', 'sub-message': 'option-data', selector: 'type' },
      reason: 'its type stands beside it',
    },
    ...(['option', 'port'] as const).map((name) => ({
      header: 'linux/if_team.h',
      set: `item-${name}`,
      changeAttribute: name,
      to: { 'multi-attr': true },
      reason: 'there are many in their list',
    })),
    ...(['option', 'port'] as const).map((name) => ({
      header: 'linux/if_team.h',
      changeOperation: name === 'option' ? 'options-get' : 'port-list-get',
      to: { merge: { key: ['teamIfindex'], lists: [{ path: [`list${name === 'option' ? 'Option' : 'Port'}`, name], by: 'append' }] } },
      reason: 'a long list comes in many messages',
    })),
  ],
};

/** @internal */
export const fou: Overlay = {
  source: 'fou',
  entries: [
    ...['local-v4', 'peer-v4'].map((name) => ({
      header: 'linux/fou.h',
      set: 'fou',
      changeAttribute: name,
      to: { 'byte-order': 'big-endian', 'display-hint': 'ipv4' },
    })),
    ...['local-v6', 'peer-v6'].map((name) => ({
      header: 'linux/fou.h',
      set: 'fou',
      changeAttribute: name,
      to: { 'display-hint': 'ipv6' },
    })),
    // Without FOU_ATTR_AF the kernel uses AF_INET, and reads an IPv6 address as an IPv4 address (parse_nl_config).
    ...addresses('linux/fou.h', 'fou', ['local-v4', 'peer-v4', 'local-v6', 'peer-v6'], { family: 'af' }),
    {
      header: 'linux/fou.h',
      set: 'fou',
      changeAttribute: 'ipproto',
      to: { write: { 'not-zero': true } },
      reason: 'of a GUE port it is 0 (fou_fill_info); requests omit it',
    },
    { header: 'linux/fou.h', set: 'fou', changeAttribute: 'type', to: { enum: 'encap-type' } },
  ],
};

/** @internal */
export const tcpMetrics: Overlay = {
  source: 'tcp_metrics',
  entries: [
    needsOne('linux/tcp_metrics.h', 'del', ['addr-ipv4', 'addr-ipv6'], 'deletes all metrics (flush does that)'),
    {
      header: 'linux/tcp_metrics.h',
      addOperations: [{ name: 'flush', flags: ['admin-perm'], do: { request: { value: 2 } } }],
    },
  ],
};
