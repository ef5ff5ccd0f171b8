/*
 * Measures the cost of a message in the library, in heap and time, with a transport in memory. Prints the figures as JSON. Run
 * with `--expose-gc --min-semi-space-size=128 --max-semi-space-size=128`.
 */
import { lastValueFrom, type Observable, type Subscription } from 'rxjs';
import { rtRoute, rtRouteSchema } from '../../../lib/families/rt-route.js';
import { netlink, MessageFlags, Protocol } from '../../../lib/index.js';
import { operationCodec } from '../../../lib/schema/index.js';
import type { MessageInit } from '../../../lib/wire/index.js';
import { Feed, doneSlab, dumpSlabs, eventSlabs } from './feed.js';
import { meter, type Cost } from './meter.js';

const MESSAGES = 50_000;
const REQUESTS = 10_000;
const SUBSCRIBERS = 100;
const GROUP = 7;
const NEW_ROUTE = 24;
const GET_ROUTE = 26;

const payload = operationCodec(rtRouteSchema, 'getroute').encode({
  rtmFamily: 2,
  rtmDstLen: 32,
  rtmTable: 254,
  rtmProtocol: 3,
  rtmType: 'unicast',
  table: 254,
  dst: '192.0.2.1',
  priority: 5,
  gateway: '192.0.2.254',
  oif: 2,
});
const route: MessageInit = { type: NEW_ROUTE, payload };

const feed = new Feed();
const socket = netlink({ protocol: Protocol.Route, transport: feed });
const client = rtRoute(socket);
const listener = rtRoute({ transport: feed });
let received = 0;

const count = (source: Observable<unknown>): Subscription => source.subscribe(() => received++);
const deliver = (slabs: readonly ArrayBuffer[]): void => {
  for (const slab of slabs) feed.deliver(slab);
};

function dump(source: () => Observable<unknown>, messages = MESSAGES): Promise<Cost> {
  const lease = socket.connect();
  const cost = meter(
    messages,
    () => {
      received = 0;
      count(source());
      return dumpSlabs(route, messages, feed.sequence);
    },
    deliver,
    () => {
      feed.deliver(doneSlab(feed.sequence));
      if (received !== messages) throw new Error(`${received} of ${messages} messages arrived`);
    },
  );
  return cost.finally(() => lease.unsubscribe());
}

/** Measures the cost of events for the given number of subscribers, and the calls of each subscriber. */
async function events(source: () => Observable<unknown>, subscribers: number, messages = MESSAGES): Promise<Cost & { calls: number }> {
  const subscriptions = Array.from({ length: subscribers }, () => count(source()));
  let delivered = 0;
  const cost = await meter(
    messages,
    () => {
      received = 0;
      const slabs = eventSlabs(route, messages, GROUP);
      delivered = slabs.length * 64;
      return slabs;
    },
    deliver,
  );
  for (const subscription of subscriptions) subscription.unsubscribe();
  return { ...cost, calls: received / delivered / subscribers };
}

async function awaited(): Promise<Cost> {
  const own = new Feed();
  own.answerWith(route);
  const awaiting = netlink({ protocol: Protocol.Route, transport: own });
  const lease = awaiting.connect();
  const request = awaiting.request({ type: GET_ROUTE, payload: new Uint8Array(12) });
  const cost = await meter(
    REQUESTS,
    () => undefined,
    async () => {
      for (let index = 0; index < REQUESTS; index++) await lastValueFrom(request);
    },
  );
  lease.unsubscribe();
  return cost;
}

const dumpRequest: MessageInit = { type: GET_ROUTE, flags: MessageFlags.Dump, payload: new Uint8Array(12) };
const raw = await dump(() => socket.request(dumpRequest), 4 * MESSAGES);
const typed = await dump(() => client.dump('getroute'));
const picked = await dump(() => client.dump('getroute', {}, { pick: ['dst', 'oif'] }));
const rawEvent = await events(() => socket.multicast(GROUP), 1);
const typedEvent = await events(() => listener.notifications('rtnlgrp-ipv4-route'), 1);
const few = MESSAGES / 5;
const shared = await events(() => socket.multicast(GROUP), 1 + SUBSCRIBERS, few);
const alone = await events(() => socket.multicast(GROUP), 1, few);
const request = await awaited();

process.stdout.write(
  JSON.stringify({
    rawMessage: raw.bytes,
    typedRow: typed.bytes,
    pickedRow: picked.bytes,
    rawEvent: rawEvent.bytes,
    typedEvent: typedEvent.bytes,
    awaitedRequest: request.bytes,
    furtherSubscriber: (shared.bytes - alone.bytes) / SUBSCRIBERS,
    callsPerSubscriber: shared.calls,
    rawMessageRate: raw.rate,
    typedRowRate: typed.rate,
    pickedRowRate: picked.rate,
    rawEventRate: rawEvent.rate,
    typedEventRate: typedEvent.rate,
    awaitedRequestRate: request.rate,
  }),
);
