import type { OptionSelector } from '../field-names.js';
import type { ExthdrOp } from '../../../../../families/nftables.js';
import type { FieldPlace } from '../payload-fields.js';

/** An option or an extension header: its number, and the places of its fields. @internal */
export interface OptionLayout {
  readonly number: number;
  readonly fields: Readonly<Record<string, FieldPlace>>;
}

/** Options of one protocol. @internal */
export interface OptionKind {
  readonly op: ExthdrOp;
  /** The protocol whose packets have them, if a rule must test it first. */
  readonly protocol?: 'ip' | 'ip6';
  readonly options: Readonly<Record<string, OptionLayout>>;
}

const HEAD = { kind: [0, 8, 'integer'], length: [8, 8, 'integer'] } as const;
const SACK = { ...HEAD, left: [16, 32, 'integer'], right: [48, 32, 'integer'] } as const;
const IP_HEAD = { type: [0, 8, 'integer'], length: [8, 8, 'integer'] } as const;
const ROUTE = { ...IP_HEAD, ptr: [16, 8, 'integer'], addr: [24, 32, 'ipv4_addr'] } as const;
const EXTENSION = { nexthdr: [0, 8, 'inet_proto'], hdrlength: [8, 8, 'integer'] } as const;
const CHUNK = { type: [0, 8, 'integer'], flags: [8, 8, 'integer'], length: [16, 16, 'integer'] } as const;
const INIT = {
  ...CHUNK,
  'init-tag': [32, 32, 'integer'],
  'a-rwnd': [64, 32, 'integer'],
  'num-outbound-streams': [96, 16, 'integer'],
  'num-inbound-streams': [112, 16, 'integer'],
  'initial-tsn': [128, 32, 'integer'],
} as const;

const chunks = (numbers: Readonly<Record<string, number>>): Readonly<Record<string, OptionLayout>> =>
  Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, { number, fields: CHUNK }]));

/** All options that rules can name. Of two options with one number, the first is the one that is read. @internal */
export const OPTION_KINDS: Readonly<Record<OptionSelector, OptionKind>> = {
  'tcp option': {
    op: 'tcpopt',
    options: {
      eol: { number: 0, fields: { kind: HEAD.kind } },
      nop: { number: 1, fields: { kind: HEAD.kind } },
      maxseg: { number: 2, fields: { ...HEAD, size: [16, 16, 'integer'] } },
      window: { number: 3, fields: { ...HEAD, count: [16, 8, 'integer'] } },
      'sack-perm': { number: 4, fields: HEAD },
      sack: { number: 5, fields: SACK },
      timestamp: { number: 8, fields: { ...HEAD, tsval: [16, 32, 'integer'], tsecr: [48, 32, 'integer'] } },
      md5sig: { number: 19, fields: HEAD },
      mptcp: { number: 30, fields: { ...HEAD, subtype: [16, 4, 'mptcp_subtype'] } },
      fastopen: { number: 34, fields: HEAD },
    },
  },
  'ip option': {
    op: 'ipv4',
    protocol: 'ip',
    options: {
      rr: { number: 7, fields: ROUTE },
      lsrr: { number: 131, fields: ROUTE },
      ssrr: { number: 137, fields: ROUTE },
      ra: { number: 148, fields: { ...IP_HEAD, value: [16, 16, 'integer'] } },
    },
  },
  exthdr: {
    op: 'ipv6',
    protocol: 'ip6',
    options: {
      hbh: { number: 0, fields: EXTENSION },
      rt: { number: 43, fields: { ...EXTENSION, type: [16, 8, 'integer'], 'seg-left': [24, 8, 'integer'] } },
      srh: {
        number: 43,
        fields: { 'last-entry': [32, 8, 'integer'], flags: [40, 8, 'integer'], tag: [48, 16, 'integer'] },
      },
      frag: {
        number: 44,
        fields: {
          nexthdr: EXTENSION.nexthdr,
          reserved: [8, 8, 'integer'],
          'frag-off': [16, 13, 'integer'],
          reserved2: [29, 2, 'integer'],
          'more-fragments': [31, 1, 'integer'],
          id: [32, 32, 'integer'],
        },
      },
      dst: { number: 60, fields: EXTENSION },
      mh: { number: 135, fields: { ...EXTENSION, type: [16, 8, 'mh_type'], reserved: [24, 8, 'integer'], checksum: [32, 16, 'integer'] } },
    },
  },
  'sctp chunk': {
    op: 'sctp',
    options: {
      data: {
        number: 0,
        fields: { ...CHUNK, tsn: [32, 32, 'integer'], stream: [64, 16, 'integer'], ssn: [80, 16, 'integer'], ppid: [96, 32, 'integer'] },
      },
      init: { number: 1, fields: INIT },
      'init-ack': { number: 2, fields: INIT },
      ...chunks({
        sack: 3,
        heartbeat: 4,
        'heartbeat-ack': 5,
        abort: 6,
        shutdown: 7,
        'shutdown-ack': 8,
        error: 9,
        'cookie-echo': 10,
        'cookie-ack': 11,
        ecne: 12,
        cwr: 13,
        'shutdown-complete': 14,
      }),
    },
  },
};
