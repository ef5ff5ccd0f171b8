import { RtnhFlags, RtScope, RtTable, type GetnexthopReply } from '../../../families/generated/rt-route.js';
import { MessageFlags } from '../../../wire/index.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { INET } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import type { Hop, RouteNexthop } from '../routes/fake-route.js';
import { checkGroup } from './nexthop-group.js';
import { ObjectTable, type Cause } from './object-table.js';

/** A request that writes, reads or deletes a nexthop object. @internal */
export type NexthopAttributes = Partial<GetnexthopReply>;

/** NHA_OP_FLAG_RESP_GRP_RESVD_0 (uapi/linux/nexthop.h): the upper bytes of weights are valid. */
const VALID_UPPER_BYTES = 0x8000_0000;

/** The settings of a new resilient group: an idle timer of two minutes, in hundredths of a second. */
const RESILIENT = { idleTimer: 12_000, unbalancedTimer: 0, unbalancedTime: 0n };

/** The index of the loopback link: a nexthop that discards packets leads there. */
const LOOPBACK = 1;

/** The nexthop objects, by ascending numbers. @internal */
export class NexthopTable {
  readonly #tables: NetworkTables;
  readonly #objects: ObjectTable<GetnexthopReply>;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
    this.#objects = new ObjectTable({
      keyOf: ({ id }) => String(id),
      notify: (change, row, isCaused) => this.#tables.notify.object('nexthop', change, row, isCaused),
    });
  }

  rows(): readonly GetnexthopReply[] {
    return this.#objects.all().toSorted((one, other) => one.id! - other.id!);
  }

  /** Returns one object (RTM_GETNEXTHOP). @throws Rejection */
  get({ id }: NexthopAttributes): GetnexthopReply {
    const found = this.find(id);
    if (found === undefined) throw new Rejection('ENOENT');
    return found;
  }

  find(id: number | undefined): GetnexthopReply | undefined {
    return this.#objects.find({ id } as GetnexthopReply);
  }

  /** Adds or replaces an object (RTM_NEWNEXTHOP), as `insert_nexthop()` does. @throws Rejection */
  add(request: NexthopAttributes, flags: number): void {
    const row = request.group === undefined ? this.#single(request) : this.#group(request);
    const found = this.find(row.id);
    const isReplacing = (flags & MessageFlags.Replace) !== 0;
    if (found !== undefined && !isReplacing) throw new Rejection('EEXIST');
    if (found !== undefined && (found.group === undefined) !== (row.group === undefined)) {
      const [one, other] = ['a nexthop', 'a nexthop group'];
      const text = found.group === undefined ? `${one} with ${other}` : `${other} with ${one}`;
      throw new Rejection('EINVAL', `Can not replace ${text}.`);
    }
    this.#objects.write(row, flags, isReplacing ? 'Replace specified without create and no entry exists' : undefined);
    if (found === undefined) return;
    for (const id of [row.id!, ...this.#groupsOf(row.id!).map((group) => group.id!)]) this.#changed(id, 'consequence');
  }

  /** Deletes an object, with its routes, and takes it from its groups (RTM_DELNEXTHOP). @throws Rejection */
  delete(request: NexthopAttributes): void {
    this.#remove(this.get(request), 'request');
  }

  /** Deletes the objects of a link that is down, or without a carrier; silently, as `nexthop_flush_dev()` does. */
  flush({ index }: Device): void {
    for (const row of this.rows()) if (row.oif === index) this.#remove(row, 'silent');
  }

  /** Returns the ways of a route over an object. @throws Rejection if a route of the family cannot have it. */
  forRoute(id: number, family: number): RouteNexthop & { readonly hops: readonly Hop[] } {
    const row = this.find(id);
    if (row === undefined) throw new Rejection('EINVAL', 'Nexthop id does not exist');
    if (row.fdb === true) throw new Rejection('EINVAL', 'Route cannot point to a fdb nexthop');
    const members = row.group?.map((member) => ({ row: this.find(member.id)!, weight: member.weight + 256 * member.weightHigh }));
    const leaves = members ?? [{ row, weight: 0 }];
    if (family !== INET && leaves.some((leaf) => leaf.row.nhFamily === INET))
      throw new Rejection('EINVAL', 'IPv6 routes can not use an IPv4 nexthop');
    return {
      ...{ id, isGroup: row.group !== undefined, isBlackhole: leaves.some((leaf) => leaf.row.blackhole === true) },
      hops: leaves.map((leaf) => hopOf(leaf.row, leaf.weight, family)),
    };
  }

  #remove(row: GetnexthopReply, cause: Cause): void {
    const id = row.id!;
    const groups = this.#groupsOf(id);
    this.#objects.remove(row, cause);
    for (const routes of [this.#tables.ipv4Routes, this.#tables.ipv6Routes]) routes.nexthopGone(id);
    for (const group of groups) {
      const members = group.group!.filter((member) => member.id !== id);
      if (members.length === 0) {
        this.#remove(group, cause);
        continue;
      }
      this.#objects.put({ ...group, group: members }, cause);
      this.#changed(group.id!, 'silent');
    }
  }

  /** Brings the routes over an object up to date. */
  #changed(id: number, cause: Cause): void {
    for (const routes of [this.#tables.ipv4Routes, this.#tables.ipv6Routes]) routes.nexthopChanged(id, cause !== 'silent');
  }

  #groupsOf(id: number): readonly GetnexthopReply[] {
    return this.rows().filter(({ group }) => group?.some((member) => member.id === id));
  }

  #group(request: NexthopAttributes): GetnexthopReply {
    const { id, group = [], nhProtocol = 0, groupType = 0, resGroup, fdb } = request;
    checkGroup(group, fdb === true, (member) => this.find(member));
    return {
      ...{ nhFamily: 0, nhScope: 0, nhProtocol, nhFlags: 0, id: numberOf(id), ...(fdb === true && { fdb }), groupType },
      group: group.map((member) => ({ ...member, resvd2: 0 })),
      ...(groupType !== 0 && { resGroup: { ...RESILIENT, ...resGroup } }),
      opFlags: VALID_UPPER_BYTES,
    };
  }

  #single(request: NexthopAttributes): GetnexthopReply {
    const { nhFamily = 0, nhProtocol = 0, nhFlags = 0, id, blackhole, oif, gateway, encapType, encap, fdb } = request;
    const common = { nhFamily, nhProtocol, id: numberOf(id) };
    if (blackhole === true) return { ...common, nhScope: 0, nhFlags: 0, blackhole };
    if (fdb === true) return { ...common, nhScope: RtScope.Link, nhFlags: 0, fdb, gateway } as GetnexthopReply;
    this.#checkLink(oif);
    const row = {
      ...{
        ...common,
        nhScope: gateway === undefined && nhFamily === INET ? RtScope.Host : RtScope.Link,
        nhFlags: nhFlags & RtnhFlags.Onlink,
      },
      ...{ oif, ...(gateway !== undefined && { gateway }), ...(encapType !== undefined && { encapType, encap }) },
    } as GetnexthopReply;
    const routes = nhFamily === INET ? this.#tables.ipv4Routes : this.#tables.ipv6Routes;
    routes.checkHop(hopOf(row, 0, nhFamily), RtTable.Main);
    return row;
  }

  #checkLink(oif: number | undefined): void {
    if (oif === undefined) throw new Rejection('EINVAL', 'Device attribute required for non-blackhole and non-fdb nexthops');
    const device = this.#tables.links.byIndex(oif);
    if (device === undefined) throw new Rejection('EINVAL', 'Invalid device index');
    if (!device.isUp) throw new Rejection('ENETDOWN', 'Nexthop device is not up');
    if (!device.hasCarrier) throw new Rejection('ENETDOWN', 'Carrier for nexthop device is down');
  }
}

/** @throws Rejection if a request has no number. */
function numberOf(id: number | undefined): number {
  if ((id ?? 0) === 0) throw new Rejection('EOPNOTSUPP', 'the fake network chooses no numbers of nexthops');
  return id!;
}

/** Returns the way of a nexthop. A route of IPv4 over a gateway of IPv6 has it as `via`. */
function hopOf({ nhFamily, nhFlags, blackhole, oif, gateway, encapType, encap }: GetnexthopReply, weight: number, family: number): Hop {
  if (blackhole === true) return { index: LOOPBACK, flags: 0, weight, way: {}, isDead: false };
  const isOther = nhFamily !== family;
  const way = {
    ...(gateway !== undefined && (isOther ? { via: { rtviaFamily: nhFamily, rtviaAddr: gateway } } : { gateway })),
    ...(encapType !== undefined && { encapType, encap }),
  } as Hop['way'];
  return { index: oif!, flags: nhFlags, weight, way, isDead: false };
}
