import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  of,
  share,
  switchMap,
  tap,
  type Observable,
} from 'rxjs';
import { NetlinkError } from '../../../errors/index.js';
import { nftables, type GetsetReply } from '../../../families/nftables.js';
import { rtLink } from '../../../families/rt-link.js';
import { Protocol } from '../../../wire/index.js';
import type { Change, Lost, MonitorEvent } from '../event.js';
import { GenericFamilies } from './generic-families.js';
import { holdUntil } from './hold-until.js';
import type { LinkState, LinkStates } from '../link-states.js';
import type { SetLayouts } from '../set-layouts.js';
import { NOTHING } from './nothing.js';
import { NotificationDecoder } from './notification-decoder.js';
import type { Selection } from '../selection.js';
import { linkState } from '../sentences/links.js';
import { socketMessages, type Refused } from './socket-messages.js';
import { textEvents } from './text-events.js';
import type { Topic } from '../topics.js';

/** Receives why a topic cannot be listened to. */
export type TopicRefused = (topic: string, error: NetlinkError) => void;

/** RTNLGRP_LINK, and RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const LINK_GROUP = 1;
const SKIP_STATS = 8;

/** The protocols whose messages consist of attributes, in words. Generic netlink is apart, because its groups have no fixed numbers. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [Protocol.Route, 'rtnetlink'],
  [Protocol.Netfilter, 'netfilter'],
  [Protocol.Xfrm, 'xfrm'],
  [Protocol.SockDiag, 'sock_diag'],
]);

/** A namespace to listen in. */
export interface Place {
  readonly netns: string | undefined;
  /** The size of the receive queue of each socket in bytes. */
  readonly receiveBufferSize: number;
  readonly links: LinkStates;
  readonly sets: SetLayouts;
  readonly refused: TopicRefused;
  /** Receives messages that were lost and whose loss is not an event any more. */
  readonly lostAtEnd: (lost: Lost) => void;
}

/** Emits the events of one namespace in the order of the kernel, which has one order for each protocol. */
export function namespaceEvents(selection: Selection, place: Place): Observable<MonitorEvent> {
  const { links, sets, netns } = place;
  const readLinks = defer(() => listLinks(netns)).pipe(
    tap((found) => {
      links.reset(found);
    }),
  );
  const isFirewall = selection.topics.some(({ name }) => name === 'firewall');
  const readSets = defer(() => (isFirewall ? listSets(netns) : of([]))).pipe(
    tap((rows) => {
      sets.reset(rows);
    }),
  );
  return defer(() => prepare(selection, place)).pipe(
    switchMap((streams) => {
      const reading = readLinks.pipe(
        concatMap(() => readSets),
        share(),
      );
      // The sockets listen before the links are read, and the messages that arrive meanwhile wait for the names of the links.
      return merge(
        merge(...streams).pipe(holdUntil(reading)),
        reading.pipe(map((): MonitorEvent => ({ type: 'listening', time: Date.now() }))),
      );
    }),
    concatMap((event): Observable<MonitorEvent> => {
      if (event.type !== 'lost') return of(event);
      if (event.protocol === 'netfilter') return concat(of(event), readSets.pipe(ignoreElements()));
      if (event.protocol !== 'rtnetlink') return of(event);
      const again = readLinks.pipe(switchMap(({ size }) => of<MonitorEvent>({ type: 'resynced', time: Date.now(), links: size })));
      return concat(of(event), again);
    }),
  );
}

/** Loads what is needed to decode the messages. After that, the sockets can be opened at once. */
async function prepare(selection: Selection, place: Place): Promise<readonly Observable<Change | Lost>[]> {
  const ofProtocols = [...PROTOCOLS].map(([protocol, name]) => {
    const topics = selection.topics.filter((topic) => topic.protocol === protocol);
    return topics.length === 0 ? undefined : protocolEvents(selection, topics, protocol, name, place);
  });
  const typed = await Promise.all([...ofProtocols, selection.receivesGeneric ? genericEvents(selection, place) : undefined]);
  return [
    ...typed.filter((stream) => stream !== undefined),
    ...selection.topics
      .filter(({ protocol }) => !PROTOCOLS.has(protocol))
      .map(({ name }) => textEvents(name, place).pipe(catchError(reportTo(place, name)))),
  ];
}

async function protocolEvents(
  { groupsOf }: Selection,
  topics: readonly Topic[],
  protocol: number,
  name: string,
  place: Place,
): Promise<Observable<Change | Lost>> {
  const groups = new Map<number, Refused>();
  const families = new Set(topics.map(({ family }) => family));
  if (protocol === Protocol.Route) {
    // Sentences of all tables need the names of links.
    families.add('rt-link');
    groups.set(LINK_GROUP, (error) => place.refused('links', error));
  }
  for (const topic of topics) for (const group of groupsOf(topic)) groups.set(group, (error) => place.refused(topic.name, error));
  const decoder = await NotificationDecoder.load([...families]);
  return socketMessages(
    { protocol, name, netns: place.netns, groups, receiveBufferSize: place.receiveBufferSize, lostAtEnd: place.lostAtEnd },
    (message) => decoder.decode(message, message.type, name),
  ).pipe(catchError(reportTo(place, name)));
}

async function genericEvents({ receives }: Selection, place: Place): Promise<Observable<Change | Lost>> {
  const { netns, refused, receiveBufferSize, lostAtEnd } = place;
  const families = await GenericFamilies.read(netns, receives, refused);
  const listening = {
    protocol: Protocol.Generic,
    name: 'generic netlink',
    netns,
    groups: families.groups,
    receiveBufferSize,
    lostAtEnd,
  };
  return socketMessages(listening, (message, socket) => families.decode(message, socket)).pipe(catchError(reportTo(place, 'generic')));
}

/** Reports the failure of one stream; the others continue. */
function reportTo({ refused }: Place, topic: string): (error: unknown) => Observable<never> {
  return (error) => {
    if (!(error instanceof NetlinkError)) throw error;
    refused(topic, error);
    return EMPTY;
  };
}

async function listLinks(netns: string | undefined): Promise<ReadonlyMap<number, LinkState>> {
  using client = rtLink(netns === undefined ? {} : { netns });
  const rows = await lastValueFrom(client.list('getlink', { extMask: SKIP_STATS }), NOTHING);
  return new Map(rows.map((row) => [row.ifiIndex, linkState(row)]));
}

/** Reads the sets of nftables. Without CAP_NET_ADMIN there are none to describe: the kernel sends no events either. */
async function listSets(netns: string | undefined): Promise<readonly GetsetReply[]> {
  using client = nftables(netns === undefined ? {} : { netns });
  try {
    return await lastValueFrom(client.list('getset', {}), NOTHING);
  } catch (error) {
    if (error instanceof NetlinkError) return [];
    throw error;
  }
}
