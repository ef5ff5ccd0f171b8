/*
 * Compiled with all other files, never run. Each `@ts-expect-error` is a mistake that must not compile, and each
 * expectTypeOf a type that an editor shows.
 */
import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import { conntrack } from '../../lib/families/conntrack.js';
import { ethtool } from '../../lib/families/ethtool.js';
import { families, type FamilyName } from '../../lib/families/index.js';
import { nfnetlinkLog, type PacketEvent } from '../../lib/families/nfnetlink_log.js';
import { nfqueue } from '../../lib/families/nfnetlink_queue.js';
import { nftables, type NftablesFamily } from '../../lib/families/nftables.js';
import { rtLink, type LinkinfoVxlanAttrs, type RtLinkFamily } from '../../lib/families/rt-link.js';
import { rtRoute } from '../../lib/families/rt-route.js';
import { rtRule } from '../../lib/families/rt-rule.js';
import { tc } from '../../lib/families/tc.js';
import { wireguard } from '../../lib/families/wireguard.js';
import { netlink, type FamilyOperation } from '../../lib/index.js';
import { loadFamily } from '../../lib/spec-loader/index.js';

declare function use(value: unknown): void;

const link = rtLink();
const route = rtRoute();

/* Names of operations */
link.do('getlink', { ifname: 'v0' });
// @ts-expect-error a misspelt name
link.do('getlnk', { ifname: 'v0' });
// @ts-expect-error an operation of another family
link.do('getroute');
// @ts-expect-error newlink cannot be dumped
link.dump('newlink');
// @ts-expect-error newlink cannot be listed
link.list('dellink');
// @ts-expect-error there is no do request for rules
rtRule().do('getrule');
// @ts-expect-error a notification is not an operation
link.do('newlink-ntf');

/* Properties of requests */
link.do('newlink', { ifname: 'v0', mtu: 1500, txqlen: 10 });
// @ts-expect-error a misspelt name
link.do('newlink', { ifname: 'v0', mtuu: 1500 });
// @ts-expect-error a name in the form of the specification, not in camelCase
link.do('newlink', { 'num-rx-queues': 4 });
// @ts-expect-error not a number
link.do('newlink', { mtu: '1500' });
// @ts-expect-error 64-bit numbers are bigint
nftables().do('delrule', { table: 't', chain: 'c', handle: 5 });
// @ts-expect-error not the name of an enum entry
route.do('newroute', { rtmType: 'unicats' });
route.do('newroute', { rtmType: 'unicast', dst: Uint8Array.of(192, 0, 2, 0) });
// @ts-expect-error an address is text or bytes
route.do('newroute', { rtmType: 'unicast', dst: 0xc0000200 });
// @ts-expect-error a misspelt option
link.do('newlink', { ifname: 'v0' }, { exclusiv: true });

/* Kinds */
link.do('newlink', { ifname: 'vx', linkinfo: { kind: 'vxlan', data: { id: 5, port: 4789, df: 'unset' } } });
link.do('newlink', { ifname: 'v0', linkinfo: { kind: 'veth', data: { peer: { ifname: 'v1', mtu: 1400 } } } });
// @ts-expect-error another kind's property
link.do('newlink', { ifname: 'vx', linkinfo: { kind: 'vxlan', data: { ageingTime: 5 } } });
// @ts-expect-error data of a kind that the specification lacks
link.do('newlink', { ifname: 'vx', linkinfo: { kind: 'vxlam', data: { id: 5 } } });
// @ts-expect-error a value that the enum lacks
link.do('newlink', { ifname: 'vx', linkinfo: { kind: 'vxlan', data: { df: 'sett' } } });
// @ts-expect-error an unknown mode of macvlan
link.do('newlink', { ifname: 'm', linkinfo: { kind: 'macvlan', data: { mode: 'bridged' } } });
// @ts-expect-error a misspelt property two levels down
link.do('newlink', { ifname: 'v0', linkinfo: { kind: 'veth', data: { peer: { ifnam: 'v1' } } } });
// @ts-expect-error options of tbf at an htb
tc().do('newqdisc', { kind: 'htb', options: { burst: 5 } });
nftables().do('newrule', { expressions: { elem: [{ name: 'counter', data: { bytes: 0n } }] } });
// @ts-expect-error a counter has no register
nftables().do('newrule', { expressions: { elem: [{ name: 'counter', data: { dreg: 1 } }] } });

/* Replies */
expectTypeOf(link.do('getlink')).toExtend<Observable<{ readonly ifiIndex: number; readonly ifname?: string }>>();
expectTypeOf(link.do('newlink')).toEqualTypeOf<Observable<RtLinkFamily['do']['newlink']['reply']>>();
link.do('newlink').subscribe((reply) => {
  expectTypeOf(reply).extract<undefined>().toEqualTypeOf<undefined>();
  // @ts-expect-error it may be undefined
  use(reply.ifname);
});
link.do('getlink').subscribe((reply) => {
  expectTypeOf(reply).extract<undefined>().toEqualTypeOf<never>();
  expectTypeOf(reply.ifname).toEqualTypeOf<string | undefined>();
  expectTypeOf(reply.stats64?.rxBytes).toEqualTypeOf<bigint | undefined>();
  // @ts-expect-error unknown property
  use(reply.ifnam);
  // @ts-expect-error replies are read, not written
  reply.ifname = 'other';
  if (reply.linkinfo?.kind === 'vxlan') expectTypeOf(reply.linkinfo.data).toEqualTypeOf<LinkinfoVxlanAttrs | undefined>();
});
expectTypeOf(link.list('getlink')).toEqualTypeOf<Observable<RtLinkFamily['dump']['getlink']['reply'][]>>();
route.dump('getroute').subscribe((row) => {
  expectTypeOf(row.dst).toEqualTypeOf<string | undefined>();
  expectTypeOf(row.multipath?.[0]?.rtnhHops).toEqualTypeOf<number | undefined>();
});
conntrack()
  .dump('get')
  .subscribe(({ protoinfo, timeout }) => {
    expectTypeOf(timeout).toEqualTypeOf<number | undefined>();
    if (protoinfo?.protoinfoTcp?.tcpState === 'established') void 0;
    // @ts-expect-error a state that TCP lacks
    if (protoinfo?.protoinfoTcp?.tcpState === 'establishd') void 0;
  });

/* Notifications */
link.notifications('rtnlgrp-link').subscribe((notification) => {
  expectTypeOf(notification.op).toEqualTypeOf<'newlink-ntf' | 'dellink-ntf'>();
  expectTypeOf(notification.value.ifname).toEqualTypeOf<string | undefined>();
  // @ts-expect-error unknown notification
  if (notification.op === 'newlink') void 0;
});
ethtool()
  .notifications('monitor')
  .subscribe((notification) => {
    if (notification.op === 'rings-ntf') expectTypeOf(notification.value.rx).toEqualTypeOf<number | undefined>();
    // @ts-expect-error not every notification of the group has it
    use(notification.value.rx);
  });
// @ts-expect-error a misspelt name
link.notifications('rtnlgrp-links');
// @ts-expect-error a family without groups
wireguard().notifications('anything');
route.notifications('rtnlgrp-ipv4-route', 'rtnlgrp-nexthop').subscribe(({ op, value }) => {
  expectTypeOf(op).toEqualTypeOf<'newroute-ntf' | 'delroute-ntf' | 'newnexthop-ntf' | 'newnexthopbucket-ntf' | 'delnexthop-ntf'>();
  use(value);
});

/* Transactions */
const operations: FamilyOperation<NftablesFamily>[] = [
  { op: 'newtable', request: { name: 't' }, options: { create: true } },
  { op: 'newchain', request: { table: 't', name: 'c', hook: { num: 1, priority: 0 } } },
];
nftables().transaction(operations);
nftables().transaction(operations, { generation: 7, timeout: 100, signal: AbortSignal.timeout(5) });
// @ts-expect-error a number, not text
nftables().transaction(operations, { generation: '7' });
rtLink().batch([], { stopOnError: true });
// @ts-expect-error an unknown option
rtLink().batch([], { stop: true });
// @ts-expect-error the request of another operation
nftables().transaction([{ op: 'newtable', request: { chain: 'c' } }]);

/* Sockets and options */
rtLink(netlink({ protocol: 0 }));
rtLink({ netns: 'blue', strictCheck: false });
// @ts-expect-error the family knows its protocol
rtLink({ protocol: 16 });

/* Loaders */
expectTypeOf<FamilyName>().extract<'rt-link' | 'mptcp_pm'>().toEqualTypeOf<'rt-link' | 'mptcp_pm'>();
expectTypeOf(families['rt-link']).returns.resolves.toHaveProperty('rtLink');
// @ts-expect-error a family that the package does not ship
use(families['rt-lnk']);

/* A family that was loaded at run time: any name, and nothing is known of values */
const loaded = loadFamily('')();
expectTypeOf(loaded.list('anything')).toEqualTypeOf<Observable<Readonly<Record<string, unknown>>[]>>();
loaded.do('whatever', { goes: [1, 'two'] });
// @ts-expect-error a request is an object
loaded.do('whatever', 5);

/* Events for one socket */
const log = nfnetlinkLog();
expectTypeOf(log.events('packet')).toEqualTypeOf<Observable<PacketEvent>>();
expectTypeOf(log.events('packet', { pick: ['seq'] })).toEqualTypeOf<Observable<{ readonly seq?: number }>>();
// @ts-expect-error an operation is not an event
log.events('config');
// @ts-expect-error links have no event for one socket
link.events('newlink-ntf');
// @ts-expect-error an event is not a notification of a group
log.notifications('packet');
log.send('config', { resId: 5, cmd: { command: 'bind' } });
// @ts-expect-error an event cannot be sent
log.send('packet', {});
nfqueue(5).subscribe((packet) => packet.verdict({ mark: 1, verdict: 'repeat' }));
// @ts-expect-error the kernel rejects this verdict
nfqueue(5).subscribe((packet) => packet.verdict({ verdict: 'stolen' }));
