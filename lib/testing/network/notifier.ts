import { MessageFlags, type Message, type MessageInit } from '../../wire/index.js';
import type { GetaddrReply } from '../../families/generated/rt-addr.js';
import type { GetlinkReply } from '../../families/generated/rt-link.js';
import type { GetneighReply } from '../../families/generated/rt-neigh.js';
import type { GetrouteReply } from '../../families/generated/rt-route.js';
import type { GetruleReply } from '../../families/generated/rt-rule.js';
import type { FakeKernel } from '../fake-kernel/fake-kernel-interface.js';
import type { FakeSocket } from '../reply/reply.js';
import type { NetworkFamilies } from './families.js';
import { INET } from './prefixes.js';

/** A notification about a new or changed object, or about a deleted one. @internal */
export type Change = 'new' | 'del';

/** RTNLGRP_* (uapi/linux/rtnetlink.h). */
const GROUPS = { link: 1, neigh: 3, addr: [5, 9], route: [7, 11], rule: [8, 19] } as const;

/** The family and the group of objects that have one group, by the name in their operations. */
const OBJECTS = { nexthop: ['route', 32], qdisc: ['tc', 4], tclass: ['tc', 4], tfilter: ['tc', 4] } as const;

/** A family without the types of its notifications. */
interface AnyNotification {
  notification(op: string, row: object): MessageInit;
}

/** A request, and the socket that sent it. */
interface Cause {
  readonly request: Message;
  readonly socket: FakeSocket;
}

/**
 * Sends the notifications of the fake network, before the ack of the request that caused them.
 *
 * A notification about the object of a request has the sequence number and the port ID of the request. With NLM_F_ECHO it also
 * goes to the sender of the request, which receives it once, with the number of the group (`nlmsg_notify()`).
 *
 * @internal
 */
export class Notifier {
  readonly #kernel: FakeKernel;
  readonly #families: NetworkFamilies;
  readonly #netns: string | undefined;
  #cause: Cause | undefined;

  /** @param netns - The name of the namespace; undefined for that of the process. */
  constructor(kernel: FakeKernel, families: NetworkFamilies, netns: string | undefined) {
    this.#kernel = kernel;
    this.#families = families;
    this.#netns = netns;
  }

  /** Runs a request; notifications that it causes name it. */
  during<Result>(request: Message, socket: FakeSocket, run: () => Result): Result {
    this.#cause = { request, socket };
    try {
      return run();
    } finally {
      this.#cause = undefined;
    }
  }

  /** @param isCaused - True for the object of the request; false for consequences. */
  link(change: Change, row: GetlinkReply, isCaused = false): void {
    this.#send('link', `${change}link-ntf`, row, GROUPS.link, isCaused);
  }

  address(change: Change, row: GetaddrReply, isCaused = false): void {
    this.#send('addr', `${change}addr-ntf`, row, GROUPS.addr[row.ifaFamily === INET ? 0 : 1], isCaused);
  }

  /** @param flags - NLM_F_REPLACE, CREATE, EXCL, APPEND: the place that the route got. */
  route(change: Change, row: GetrouteReply, isCaused = false, flags = 0): void {
    this.#send('route', `${change}route-ntf`, row, GROUPS.route[row.rtmFamily === INET ? 0 : 1], isCaused, flags);
  }

  rule(change: Change, row: GetruleReply, isCaused = false): void {
    this.#send('rule', `${change}rule-ntf`, row, GROUPS.rule[row.family === INET ? 0 : 1], isCaused);
  }

  neighbour(change: Change, row: GetneighReply): void {
    this.#send('neigh', `${change}neigh-ntf`, row, GROUPS.neigh, false);
  }

  /** @param name - The name of the objects in their operations: `nexthop` of `newnexthop`. */
  object(name: keyof typeof OBJECTS, change: Change, row: object, isCaused: boolean): void {
    const [family, group] = OBJECTS[name];
    this.#send(family, `${change}${name}-ntf`, row, group, isCaused);
  }

  #send(family: keyof NetworkFamilies, op: string, row: object, group: number, isCaused: boolean, flags = 0): void {
    const encoded = (this.#families[family] as unknown as AnyNotification).notification(op, row);
    const cause = isCaused ? this.#cause : undefined;
    if (cause === undefined) {
      this.#kernel.notify(group, { ...encoded, flags }, { protocol: 0, netns: this.#netns });
      return;
    }
    const { request, socket } = cause;
    const message = { ...encoded, flags, sequence: request.sequence, portId: socket.portId };
    const isEcho = (request.flags & MessageFlags.Echo) !== 0;
    this.#kernel.notify(group, message, { protocol: 0, netns: this.#netns, ...(isEcho && { echoTo: socket }) });
  }
}
