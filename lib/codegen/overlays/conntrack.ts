import type { Overlay } from '../overlay.js';
import { addresses, be32, be64, bytes, ipv6, needsOne, nest, notification, operation, padding, set } from './words.js';

const HEADER = 'linux/netfilter/nfnetlink_conntrack.h';
const NEW = ['nfnlgrp-conntrack-new', 'nfnlgrp-conntrack-update'];
const FAMILY = { family: 'nfgen-family' };
const FIXED = { 'fixed-header': 'nfgenmsg' };

/** @internal */
export const conntrack: Overlay = {
  source: 'conntrack',
  entries: [
    {
      header: 'linux/netfilter/nfnetlink.h',
      addGroups: [
        { name: 'nfnlgrp-conntrack-new', value: 1 },
        { name: 'nfnlgrp-conntrack-update', value: 2 },
        { name: 'nfnlgrp-conntrack-destroy', value: 3 },
      ],
    },
    {
      header: HEADER,
      addOperations: [
        operation('new', 'conntrack-attrs', { do: [256] }, FIXED),
        operation('delete', 'conntrack-attrs', { do: [258] }, FIXED),
        // The kernel regards the family of a flush in version 1 only.
        operation('flush', 'flush-attrs', { do: [258] }, { ...FIXED, defaults: { version: 1 } }),
        operation('get-ctrzero', 'conntrack-attrs', { do: [259, 256], dump: [259, 256] }, FIXED),
        operation('get-stats-global', 'conntrack-stats-global-attrs', { do: [261, 261] }, FIXED),
        notification('new-ntf', 'get', 256, NEW),
        notification('delete-ntf', 'get', 258, ['nfnlgrp-conntrack-destroy']),
      ],
    },
    needsOne(HEADER, 'delete', ['tuple-orig', 'tuple-reply'], 'deletes all connections that match (flush does that)', {
      without: ['filter'],
    }),
    {
      header: HEADER,
      addSets: [
        set('timestamp-attrs', 'cta-timestamp-', [be64('start'), be64('stop'), padding('pad')]),
        // Not the zone: Linux 6.1 ignores it, and deletes the connections of all zones.
        {
          name: 'flush-attrs',
          'subset-of': 'conntrack-attrs',
          attributes: ['status', 'mark', 'mark-mask', 'status-mask'].map((name) => ({ name })),
        },
        set('conntrack-stats-global-attrs', 'cta-stats-global-', [be32('entries'), be32('max-entries')]),
      ],
    },
    {
      header: HEADER,
      set: 'conntrack-attrs',
      changeAttribute: 'timestamp',
      to: { ...nest('timestamp', 'timestamp-attrs'), 'byte-order': null },
      reason: 'it holds start and stop',
    },
    { header: HEADER, set: 'help-attrs', addAttributes: [bytes('help-info')] },
    {
      header: 'linux/netfilter/nf_conntrack_sctp.h',
      changeDefinition: 'nf-ct-sctp-state',
      to: {
        entries: [
          ...['none', 'closed', 'cookie-wait', 'cookie-echoed', 'established', 'shutdown-sent', 'shutdown-received', 'shutdown-ack-sent'],
          ...['heartbeat-sent', 'heartbeat-acked'],
        ],
      },
      reason: 'it calls two states otherwise, and lacks the one that old kernels know',
    },
    { header: HEADER, set: 'nat-attrs', changeAttribute: 'nat-v4-minip', to: { 'display-hint': 'ipv4' } },
    { header: HEADER, set: 'nat-attrs', changeAttribute: 'nat-v4-maxip', to: { 'display-hint': 'ipv4' } },
    { header: HEADER, set: 'nat-attrs', changeAttribute: 'nat-proto', to: { value: 3 }, reason: 'it comes before the IPv6 addresses' },
    { header: HEADER, set: 'nat-attrs', changeAttribute: 'nat-v6-minip', to: { ...ipv6('nat-v6-minip'), value: 4 } },
    ...addresses(HEADER, 'tuple-ip-attrs', ['ip-v4-src', 'ip-v4-dst', 'ip-v6-src', 'ip-v6-dst'], FAMILY),
    { header: HEADER, set: 'nat-attrs', changeAttribute: 'nat-v6-maxip', to: { ...ipv6('nat-v6-maxip'), value: 5 } },
    ...addresses(HEADER, 'nat-attrs', ['nat-v4-minip', 'nat-v4-maxip', 'nat-v6-minip', 'nat-v6-maxip'], FAMILY),
  ],
};
