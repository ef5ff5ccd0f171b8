/*
 * Read by the compiler only (npm run types): the types of generated families, and the mistakes that they reject.
 */
import { expectTypeOf } from 'expect-type';
import type { EthtoolFamily } from '../../lib/families/generated/ethtool.js';
import { XdpAct } from '../../lib/families/generated/netdev.js';
import { InetHook, type NftablesFamily } from '../../lib/families/generated/nftables.js';
import type { Nl80211Family } from '../../lib/families/generated/nl80211.js';
import {
  Arphrd,
  IfinfoFlags,
  type rtLinkSchema,
  type LinkinfoMacvlanAttrs,
  type LinkinfoVlanAttrs,
  type RtLinkFamily,
} from '../../lib/families/generated/rt-link.js';
import { RtProtocol, RtScope, RtTable, type RtRouteFamily } from '../../lib/families/generated/rt-route.js';
import type { RtRuleFamily } from '../../lib/families/generated/rt-rule.js';
import type {
  DoName,
  DoReply,
  DoRequest,
  DumpName,
  DumpReply,
  FamilyOf,
  GroupName,
  NotificationOf,
} from '../../lib/schema/descriptor/family-types.js';

type Link = DumpReply<RtLinkFamily, 'getlink'>;
type NewLink = DoRequest<RtLinkFamily, 'newlink'>;

/** Accepts values of the type only. */
declare function accepts<Type>(value: Type): void;

// Only the kernel's names are valid.
expectTypeOf<'getlink'>().toExtend<DumpName<RtLinkFamily>>();
expectTypeOf<'newlink'>().not.toExtend<DumpName<RtLinkFamily>>();
expectTypeOf<'getlnk'>().not.toExtend<DoName<RtLinkFamily>>();
expectTypeOf<GroupName<RtLinkFamily>>().toEqualTypeOf<'rtnlgrp-link' | 'rtnlgrp-stats'>();
expectTypeOf<FamilyOf<typeof rtLinkSchema>>().toEqualTypeOf<RtLinkFamily>();

// Header fields are always present, attributes may be absent; 64-bit values are bigint, addresses are text.
declare const link: Link;
expectTypeOf(link.ifiIndex).toEqualTypeOf<number>();
expectTypeOf(link.ifname).toEqualTypeOf<string | undefined>();
expectTypeOf(link.address).toEqualTypeOf<string | undefined>();
expectTypeOf(link.stats64?.rxBytes).toEqualTypeOf<bigint | undefined>();
expectTypeOf(link.propList?.altIfname).toEqualTypeOf<readonly string[] | undefined>();
// @ts-expect-error unknown property
accepts(link.mtuu);

// The kind determines the type of the data.
if (link.linkinfo?.kind === 'vlan') expectTypeOf(link.linkinfo.data).toEqualTypeOf<LinkinfoVlanAttrs | undefined>();
if (link.linkinfo?.kind === 'macvtap') expectTypeOf(link.linkinfo.data).toEqualTypeOf<LinkinfoMacvlanAttrs | undefined>();

// Requests: addresses as text or bytes, partial structs, checked kinds.
expectTypeOf<{ ifname: string; address: Uint8Array }>().toExtend<NewLink>();
accepts<NewLink>({ linkinfo: { kind: 'veth', data: { peer: { ifname: 'p', address: '02:00:00:00:00:01' } } } });
accepts<NewLink>({ linkinfo: { kind: 'dummy' } });
accepts<NewLink>({ linkinfo: { kind: 'made-up' } });
// @ts-expect-error misspelt property
accepts<NewLink>({ mtuu: 1500 });
// @ts-expect-error data of another kind
accepts<NewLink>({ linkinfo: { kind: 'vlan', data: { mode: 'bridge' } } });
// @ts-expect-error a kind that the specification lacks has no data
accepts<NewLink>({ linkinfo: { kind: 'vlann', data: { id: 5 } } });
// @ts-expect-error unknown mode
accepts<NewLink>({ linkinfo: { kind: 'macvlan', data: { mode: 'bridged' } } });
// @ts-expect-error 64 bits are bigint
accepts<NewLink>({ ifname: 'x', maxPacingOffloadHorizon: 5 });

// A reply is certain, or may be undefined.
expectTypeOf<DoReply<RtLinkFamily, 'getlink'>>().not.toExtend<undefined>();
expectTypeOf<undefined>().not.toExtend<DoReply<RtLinkFamily, 'getlink'>>();
expectTypeOf<undefined>().toExtend<DoReply<RtLinkFamily, 'newlink'>>();
expectTypeOf<undefined>().toExtend<DoReply<EthtoolFamily, 'features-set'>>();

// Notifications are discriminated by op, and belong to their groups.
declare const news: NotificationOf<RtLinkFamily, 'rtnlgrp-link'>;
expectTypeOf(news.op).toEqualTypeOf<'newlink-ntf' | 'dellink-ntf'>();
expectTypeOf(news.value).toEqualTypeOf<Link>();
expectTypeOf<NotificationOf<RtLinkFamily, 'rtnlgrp-stats'>['op']>().toEqualTypeOf<'newstats-ntf'>();

// Routes, rules, expressions, names that are not identifiers.
declare const route: DumpReply<RtRouteFamily, 'getroute'>;
expectTypeOf(route.multipath?.[0]?.rtnhIfindex).toEqualTypeOf<number | undefined>();
expectTypeOf(route.multipath?.[0]?.gateway).toEqualTypeOf<string | undefined>();
expectTypeOf<DumpReply<RtRuleFamily, 'getrule'>['src']>().toEqualTypeOf<string | undefined>();
expectTypeOf<DumpReply<Nl80211Family, 'get-interface'>['4addr']>().toEqualTypeOf<number | undefined>();
accepts<DoRequest<NftablesFamily, 'newrule'>>({ expressions: { elem: [{ name: 'counter', data: { packets: 1n } }, { name: 'notrack' }] } });

// Closed number spaces are names; a number is accepted where one is written. Open ones are numbers beside constants.
expectTypeOf(link.operstate).toEqualTypeOf<
  'unknown' | 'notpresent' | 'down' | 'lowerlayerdown' | 'testing' | 'dormant' | 'up' | number | undefined
>();
expectTypeOf(link.ifiType).toEqualTypeOf<number>();
accepts<NewLink>({ ifiType: Arphrd.Ether, operstate: 'dormant', linkmode: 1 });
accepts<NewLink>({ linkinfo: { kind: 'bond', data: { mode: '802.3ad', xmitHashPolicy: 'layer3+4' } } });
accepts<NewLink>({ linkinfo: { kind: 'bond', data: { mode: 4 } } });
// @ts-expect-error unknown mode
accepts<NewLink>({ linkinfo: { kind: 'bond', data: { mode: 'lacp' } } });
expectTypeOf(route.rtmScope).toEqualTypeOf<number>();
expectTypeOf(route.pref).toEqualTypeOf<'medium' | 'high' | 'low' | number | undefined>();
expectTypeOf([RtScope.Link, RtProtocol.Static, RtTable.Main] as const).toEqualTypeOf<readonly [253, 4, 254]>();
accepts<DoRequest<NftablesFamily, 'newchain'>>({ policy: 'drop', hook: { num: InetHook.LocalIn, priority: 0 } });
// @ts-expect-error a verdict, not a policy
accepts<DoRequest<NftablesFamily, 'newchain'>>({ policy: 'jump' });

// Flags are numbers, 64-bit ones bigint.
expectTypeOf(IfinfoFlags.LowerUp).toEqualTypeOf<65536>();
expectTypeOf(XdpAct.Redirect).toEqualTypeOf<2n>();
