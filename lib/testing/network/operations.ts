import type { GetaddrReply } from '../../families/generated/rt-addr.js';
import type { GetlinkReply } from '../../families/generated/rt-link.js';
import type { GetneighReply } from '../../families/generated/rt-neigh.js';
import type { GetnsidReply } from '../../families/generated/rt-nsid.js';
import type { GetruleReply } from '../../families/generated/rt-rule.js';
import { AddressFamily } from '../../schema/index.js';
import { changeAltnames, deleteLink, newLink, setLink } from './links/link-requests.js';
import type { FakeTables } from './fake-tables.js';
import type { ClassAttributes } from './objects/classes.js';
import type { FilterAttributes } from './objects/filters.js';
import type { NexthopAttributes } from './objects/nexthops.js';
import type { QdiscAttributes } from './objects/qdiscs.js';
import { INET, INET6 } from './prefixes.js';
import { Rejection } from './rejection.js';
import { tableOf, type RouteAttributes } from './routes/fake-route.js';
import { routeTo } from './routes/lookup.js';

/** The tables of a fake network that a test can deny. @public */
export type FakeNetworkTable =
  'links' | 'addresses' | 'routes' | 'rules' | 'nexthops' | 'neighbours' | 'fdb' | 'qdiscs' | 'classes' | 'filters';

/** A request without the types of its operation. @internal */
export interface Request {
  readonly value: object;
  readonly flags: number;
}

/** Returns the rows of the reply; nothing if the request only gets an ack. @internal */
export type Operation = (tables: FakeTables, request: Request) => readonly object[] | undefined;

/** The table of each noun of an operation: `link` of `newlink`. */
const TABLE_OF: Readonly<Record<string, FakeNetworkTable>> = {
  link: 'links',
  linkprop: 'links',
  addr: 'addresses',
  route: 'routes',
  nexthop: 'nexthops',
  rule: 'rules',
  neigh: 'neighbours',
  qdisc: 'qdiscs',
  tclass: 'classes',
  tfilter: 'filters',
};

/** The tables that a test can deny. @internal */
export const DENIABLE: readonly FakeNetworkTable[] = [...new Set(Object.values(TABLE_OF)), 'fdb'];

/** Returns the table that an operation writes; undefined if it only reads. @internal */
export function writtenTable(op: string, value: object): FakeNetworkTable | undefined {
  const [, noun = ''] = /^(?:new|set|del)(.*)$/.exec(op) ?? [];
  const isForwarding = noun === 'neigh' && (value as Partial<GetneighReply>).ndmFamily === AddressFamily.Bridge;
  return isForwarding ? 'fdb' : TABLE_OF[noun];
}

/** Writes something; returns no rows. */
function write<Attributes>(run: (tables: FakeTables, attributes: Attributes, flags: number) => void): Operation {
  return (tables, { value, flags }) => {
    run(tables, value as Attributes, flags);
    return undefined;
  };
}

/** Reads something. */
function read<Attributes>(run: (tables: FakeTables, attributes: Attributes) => readonly object[]): Operation {
  return (tables, { value }) => run(tables, value as Attributes);
}

/** The operations of the fake network, by mode and name. @internal */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'do newlink': write<Partial<GetlinkReply>>(newLink),
  'do setlink': write<Partial<GetlinkReply>>(setLink),
  'do dellink': write<Partial<GetlinkReply>>(deleteLink),
  'do newlinkprop': write<Partial<GetlinkReply>>((tables, link) => changeAltnames(tables, link, 'add')),
  'do dellinkprop': write<Partial<GetlinkReply>>((tables, link) => changeAltnames(tables, link, 'remove')),
  'do getlink': read<Partial<GetlinkReply>>(({ links }, link) => [links.get(link).row(link.extMask ?? 0)]),
  'dump getlink': read<Partial<GetlinkReply>>(({ links }, link) => links.dump(link)),
  'do getnsid': read<Partial<GetnsidReply>>(numberOfNamespace),

  'do newaddr': write<Partial<GetaddrReply>>((tables, address, flags) => addressesOf(tables, address).add(address, flags)),
  'do deladdr': write<Partial<GetaddrReply>>((tables, address) => addressesOf(tables, address).delete(address)),
  'dump getaddr': read<Partial<GetaddrReply>>(dumpAddresses),

  'do newroute': write<RouteAttributes>((tables, route, flags) => routesOf(tables, route).add(route, flags)),
  'do delroute': write<RouteAttributes>((tables, route) => routesOf(tables, route).delete(route)),
  'do getroute': read<RouteAttributes>((tables, route) => [routeTo(tables, route)]),
  'dump getroute': read<RouteAttributes>(dumpRoutes),

  'do newnexthop': write<NexthopAttributes>(({ nexthops }, nexthop, flags) => nexthops.add(nexthop, flags)),
  'do delnexthop': write<NexthopAttributes>(({ nexthops }, nexthop) => nexthops.delete(nexthop)),
  'do getnexthop': read<NexthopAttributes>(({ nexthops }, nexthop) => [nexthops.get(nexthop)]),
  'dump getnexthop': read(({ nexthops }) => nexthops.rows()),

  'do newqdisc': write<QdiscAttributes>(({ qdiscs }, qdisc, flags) => qdiscs.add(qdisc, flags)),
  'do delqdisc': write<QdiscAttributes>(({ qdiscs }, qdisc) => qdiscs.delete(qdisc)),
  'dump getqdisc': read<QdiscAttributes>(({ qdiscs }, qdisc) => qdiscs.rows(qdisc)),
  'do newtclass': write<ClassAttributes>(({ classes }, traffic, flags) => classes.add(traffic, flags)),
  'do deltclass': write<ClassAttributes>(({ classes }, traffic) => classes.delete(traffic)),
  'do gettclass': read<ClassAttributes>(({ classes }, traffic) => [classes.get(traffic)]),
  'dump gettclass': read<ClassAttributes>(({ classes }, traffic) => classes.rows(traffic)),
  'do newtfilter': write<FilterAttributes>(({ filters }, filter, flags) => filters.add(filter, flags)),
  'do deltfilter': write<FilterAttributes>(({ filters }, filter) => filters.delete(filter)),
  'dump gettfilter': read<FilterAttributes>(({ filters }, filter) => filters.rows(filter)),

  'do newrule': write<Partial<GetruleReply>>(({ rules }, rule, flags) => rules.add(rule, flags)),
  'do delrule': write<Partial<GetruleReply>>(({ rules }, rule) => rules.delete(rule)),
  'dump getrule': read<Partial<GetruleReply>>(({ rules }, { family = 0 }) => familiesOf(family).flatMap((each) => rules.rows(each))),

  'do newneigh': write<Partial<GetneighReply>>((tables, entry, flags) => entriesOf(tables, entry).add(entry, flags)),
  'do delneigh': write<Partial<GetneighReply>>((tables, entry) => entriesOf(tables, entry).delete(entry)),
  'do getneigh': read<Partial<GetneighReply>>(({ neighbours }, entry) => [neighbours.get(entry)]),
  'dump getneigh': read<Partial<GetneighReply>>((tables, entry) => entriesOf(tables, entry).rows(entry)),
};

function familiesOf(family: number): readonly number[] {
  return family === 0 ? [INET, INET6] : [family];
}

function addressesOf(tables: FakeTables, { ifaFamily }: Partial<GetaddrReply>): FakeTables['ipv4Addresses' | 'ipv6Addresses'] {
  if (ifaFamily === INET) return tables.ipv4Addresses;
  if (ifaFamily === INET6) return tables.ipv6Addresses;
  throw new Rejection('EOPNOTSUPP');
}

function routesOf(tables: FakeTables, { rtmFamily }: RouteAttributes): FakeTables['ipv4Routes' | 'ipv6Routes'] {
  if (rtmFamily === INET) return tables.ipv4Routes;
  if (rtmFamily === INET6) return tables.ipv6Routes;
  throw new Rejection('EOPNOTSUPP');
}

function entriesOf(tables: FakeTables, { ndmFamily }: Partial<GetneighReply>): FakeTables['neighbours' | 'forwarding'] {
  return ndmFamily === AddressFamily.Bridge ? tables.forwarding : tables.neighbours;
}

function dumpAddresses(tables: FakeTables, { ifaFamily = 0, ifaIndex = 0 }: Partial<GetaddrReply>): readonly object[] {
  if (ifaIndex !== 0 && tables.links.byIndex(ifaIndex) === undefined) throw new Rejection('ENODEV');
  const rows = familiesOf(ifaFamily).flatMap((family) => addressesOf(tables, { ifaFamily: family }).rows());
  return rows.filter((row) => ifaIndex === 0 || row.ifaIndex === ifaIndex);
}

function dumpRoutes(tables: FakeTables, request: RouteAttributes): readonly object[] {
  const { rtmFamily = 0, oif = 0, rtmProtocol = 0, rtmType = 'unspec' } = request;
  const table = tableOf(request, 0);
  return familiesOf(rtmFamily).flatMap((family) => {
    const routes = routesOf(tables, { rtmFamily: family });
    if (table !== 0 && !routes.store.has(table)) throw new Rejection('ENOENT', `ipv${family === INET ? 4 : 6}: FIB table does not exist`);
    const wanted = routes.store
      .all(table === 0 ? undefined : table)
      .filter(
        ({ hops, attributes }) =>
          (oif === 0 || hops.some(({ index }) => index === oif)) &&
          (rtmProtocol === 0 || attributes.rtmProtocol === rtmProtocol) &&
          (rtmType === 'unspec' || attributes.rtmType === rtmType),
      );
    return routes.rows(wanted);
  });
}

/** Returns the number of a namespace; -1 if it has none (NETNSA_NSID_NOT_ASSIGNED). */
function numberOfNamespace(tables: FakeTables, { fd = -1 }: Partial<GetnsidReply>): readonly object[] {
  const other = tables.tablesOf(fd);
  if (other === undefined) throw new Rejection('EINVAL', 'Peer netns reference is invalid');
  return [{ rtgenFamily: 0, nsid: tables.knownNumberOf(other) ?? -1 }];
}
