import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import {
  nftablesSchema,
  type GetchainReply,
  type GetflowtableReply,
  type GetobjReply,
  type GetruleReply,
  type GetsetReply,
  type GettableReply,
  type NftablesFamily,
} from './generated/nftables.js';

export * from './generated/nftables.js';

/**
 * The protocol of a table, in `nfgenFamily` (`NFPROTO_*` of linux/netfilter.h).
 *
 * `Inet` is nft's `inet`, for packets of IPv4 and IPv6. nft's `ip` and `ip6` are `Ipv4` and `Ipv6`, with the same numbers as
 * `AddressFamily.Inet` and `AddressFamily.Inet6`.
 *
 * @public
 */
export const NfProtocol: {
  /** Selects all protocols, in dumps. */
  readonly Unspec: 0;
  readonly Inet: 1;
  readonly Ipv4: 2;
  readonly Arp: 3;
  readonly Netdev: 5;
  readonly Bridge: 7;
  readonly Ipv6: 10;
} = Object.freeze({ Unspec: 0, Inet: 1, Ipv4: 2, Arp: 3, Netdev: 5, Bridge: 7, Ipv6: 10 });

/**
 * Types of keys and data of sets, in `keyType` and `dataType`, as the program `nft` numbers them.
 *
 * The kernel stores the number and does not interpret it, except `NFT_DATA_VERDICT` (0xffffff00) in the `dataType` of a verdict map.
 * `nft` needs it to print the set. A concatenation has the types of its fields
 * after each other, 6 bits each, the last field in the lowest bits.
 *
 * @public
 */
export const SetKeyType: {
  readonly NfProtocol: 2;
  readonly Ipv4Address: 7;
  readonly Ipv6Address: 8;
  readonly EtherAddress: 9;
  readonly EtherType: 10;
  readonly InetProtocol: 12;
  readonly InetService: 13;
  readonly Mark: 19;
  readonly InterfaceIndex: 20;
  readonly InterfaceName: 41;
} = Object.freeze({
  NfProtocol: 2,
  Ipv4Address: 7,
  Ipv6Address: 8,
  EtherAddress: 9,
  EtherType: 10,
  InetProtocol: 12,
  InetService: 13,
  Mark: 19,
  InterfaceIndex: 20,
  InterfaceName: 41,
});

type Declaration<T> = WatchDeclaration<T, keyof NftablesFamily['notifications'], keyof NftablesFamily['groups']>;

const groups = ['mgmt'] as const;

/** The kernel may delete the contents with their table, e.g. when the socket that owns it is closed. */
const WITH_TABLE = { 'deltable-ntf': true } as const;

/** The kernel ignores other properties of a dump silently. */
const kernelFilters: readonly string[] = [];

/** Filters for the objects of a table. */
const inTable = {
  nfgenFamily: ({ nfgenFamily }: { readonly nfgenFamily: number }): number => nfgenFamily,
  table: ({ table }: { readonly table?: string }): string | undefined => table,
  handle: ({ handle }: { readonly handle?: bigint }): bigint | undefined => handle,
};

/** Filters for the objects of a table that have a name. */
const namedInTable = { ...inTable, name: ({ name }: { readonly name?: string }): string | undefined => name };

const tables: Declaration<GettableReply> = {
  groups,
  set: ['newtable-ntf'],
  delete: ['deltable-ntf'],
  key: ({ nfgenFamily, name }) => `${nfgenFamily} ${name ?? ''}`,
  filters: { nfgenFamily: inTable.nfgenFamily, name: namedInTable.name, handle: inTable.handle },
  kernelFilters,
  volatile: ['resId', 'use'],
};

const chains: Declaration<GetchainReply> = {
  groups,
  set: ['newchain-ntf'],
  delete: ['delchain-ntf'],
  key: ({ nfgenFamily, table, handle }) => `${nfgenFamily} ${table ?? ''} ${handle ?? ''}`,
  filters: namedInTable,
  kernelFilters,
  volatile: ['resId', 'use', 'counters'],
  silentOn: WITH_TABLE,
};

const rules: Declaration<GetruleReply> = {
  groups,
  set: ['newrule-ntf'],
  delete: ['delrule-ntf'],
  key: ({ nfgenFamily, table, handle }) => `${nfgenFamily} ${table ?? ''} ${handle ?? ''}`,
  filters: { ...inTable, chain: ({ chain }) => chain },
  kernelFilters,
  // A rule with the same handle never changes, except for counters. A rule that is inserted before it changes `position` without an event.
  volatile: ['resId', 'expressions', 'position'],
  // The kernel reports a renamed chain like a new one.
  silentOn: { ...WITH_TABLE, 'newchain-ntf': true },
};

const sets: Declaration<GetsetReply> = {
  groups,
  set: ['newset-ntf'],
  delete: ['delset-ntf'],
  key: ({ nfgenFamily, table, handle }) => `${nfgenFamily} ${table ?? ''} ${handle ?? ''}`,
  filters: namedInTable,
  kernelFilters,
  volatile: ['resId', 'count'],
  silentOn: WITH_TABLE,
};

const objects: Declaration<GetobjReply> = {
  groups,
  set: ['newobj-ntf'],
  delete: ['delobj-ntf'],
  key: ({ nfgenFamily, table, handle }) => `${nfgenFamily} ${table ?? ''} ${handle ?? ''}`,
  filters: { ...namedInTable, type: ({ type }) => type },
  kernelFilters,
  volatile: ['resId', 'use', 'data'],
  silentOn: WITH_TABLE,
};

const flowtables: Declaration<GetflowtableReply> = {
  groups,
  set: ['newflowtable-ntf'],
  delete: ['delflowtable-ntf'],
  key: ({ nfgenFamily, table, handle }) => `${nfgenFamily} ${table ?? ''} ${handle ?? ''}`,
  filters: namedInTable,
  kernelFilters,
  volatile: ['resId', 'use'],
  silentOn: WITH_TABLE,
};

const ELEMENTS = 'elements appear and time out without an event of their own; watch the set, and dump its elements';
const RESET = 'the dump resets the state that it reads';

/** nftables: tables, chains, rules, sets. @public */
export const nftables: WatchableFamilyFactory<NftablesFamily, 'gettable' | 'getchain' | 'getrule' | 'getset' | 'getobj' | 'getflowtable'> =
  watchableFamily(nftablesSchema, {
    gettable: tables,
    getchain: chains,
    getrule: rules,
    getset: sets,
    getobj: objects,
    getflowtable: flowtables,
    getsetelem: ELEMENTS,
    'getrule-reset': RESET,
    'getsetelem-reset': RESET,
    getgen: "the generation is not a table; use notifications('mgmt')",
    getcompat: 'the supported extensions do not change',
  });
