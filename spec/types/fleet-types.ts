/*
 * Compiled with all other files, never run: the types of the tables of a fleet.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import type { RtnlLinkStats64 } from '../../lib/families/rt-link.js';
import {
  agent,
  fleet,
  type ConntrackStatistics,
  type FirewallCount,
  type FleetChange,
  type LinkCounterName,
  type LinkCounters,
  type SocketCount,
} from '../../lib/fleet/index.js';

declare const connection: NatsConnection;
const hosts = fleet(connection);

// Sampled tables have a name in place of a family and an operation.
expectTypeOf(hosts.watch('link-counters')).toEqualTypeOf<Observable<FleetChange<LinkCounters>>>();
expectTypeOf(hosts.watch('sockets')).toEqualTypeOf<Observable<FleetChange<SocketCount>>>();
expectTypeOf(hosts.watch('conntrack-statistics')).toEqualTypeOf<Observable<FleetChange<ConntrackStatistics>>>();
expectTypeOf(hosts.watch('firewall-counters')).toEqualTypeOf<Observable<FleetChange<FirewallCount>>>();
expectTypeOf<LinkCounterName>().toEqualTypeOf<keyof RtnlLinkStats64>();
expectTypeOf<LinkCounters['rxBytes']>().toEqualTypeOf<bigint>();
expectTypeOf<ConntrackStatistics>().toHaveProperty('found').toEqualTypeOf<number | undefined>();
expectTypeOf<ConntrackStatistics>().not.toHaveProperty('nfgenFamily');

const picked = hosts.watch('link-counters', { pick: ['ifname', 'rxBytes'] });
expectTypeOf(picked).toEqualTypeOf<Observable<FleetChange<Pick<LinkCounters, 'ifname' | 'rxBytes'>>>>();
// @ts-expect-error -- a link has no such counter
hosts.watch('link-counters', { pick: ['rx_bytes'] });
// @ts-expect-error -- a sampled table has no operation
hosts.watch('link-counters', 'getlink');
// @ts-expect-error -- there is no such table
hosts.watch('link-counter');
// @ts-expect-error -- a family needs an operation
hosts.watch('rt-link');

agent(connection, { host: 'a', tables: ['links', 'link-counters', 'tc/gettclass'], sample: 10_000 });
// @ts-expect-error -- milliseconds
agent(connection, { host: 'a', sample: '10s' });
