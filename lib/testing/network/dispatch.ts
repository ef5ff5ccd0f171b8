import type { GetaddrReply } from '../../families/generated/rt-addr.js';
import type { GetlinkReply } from '../../families/generated/rt-link.js';
import type { GetneighReply } from '../../families/generated/rt-neigh.js';
import type { GetruleReply } from '../../families/generated/rt-rule.js';
import { MessageFlags, Protocol, type Message } from '../../wire/index.js';
import { AddressFamily } from '../../schema/index.js';
import type { AnyFakeFamily } from '../family/fake-family.js';
import { done, errorReply } from '../reply/ack.js';
import { multipart } from '../reply/multipart.js';
import type { FakeSocket, Replies } from '../reply/reply.js';
import { absent } from './absent.js';
import type { NetworkFamilies } from './families.js';
import { changeAltnames, deleteLink, newLink, setLink } from './links/link-requests.js';
import type { FakeTables } from './fake-tables.js';
import { INET, INET6 } from './prefixes.js';
import { Rejection } from './rejection.js';
import { tableOf, type RouteAttributes } from './routes/fake-route.js';
import { routeTo } from './routes/lookup.js';

/** The tables of a fake network that a test can deny. @public */
export type FakeNetworkTable = 'links' | 'addresses' | 'routes' | 'rules' | 'neighbours';

/** A request without the types of its operation. */
interface Request {
  readonly value: object;
  readonly flags: number;
}

/** Returns the rows of the reply; nothing if the request only gets an ack. */
type Operation = (tables: FakeTables, request: Request) => readonly object[] | undefined;

/** The table that each family writes. @internal */
export const TABLES: Readonly<Record<keyof NetworkFamilies, FakeNetworkTable>> = {
  link: 'links',
  addr: 'addresses',
  route: 'routes',
  rule: 'rules',
  neigh: 'neighbours',
};

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

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'do newlink': write<Partial<GetlinkReply>>(newLink),
  'do setlink': write<Partial<GetlinkReply>>(setLink),
  'do dellink': write<Partial<GetlinkReply>>(deleteLink),
  'do newlinkprop': write<Partial<GetlinkReply>>((tables, link) => changeAltnames(tables, link, 'add')),
  'do dellinkprop': write<Partial<GetlinkReply>>((tables, link) => changeAltnames(tables, link, 'remove')),
  'do getlink': read<Partial<GetlinkReply>>(({ links }, link) => [links.get(link).row(link.extMask ?? 0)]),
  'dump getlink': read<Partial<GetlinkReply>>(({ links }, link) => links.dump(link)),

  'do newaddr': write<Partial<GetaddrReply>>((tables, address, flags) => addressesOf(tables, address).add(address, flags)),
  'do deladdr': write<Partial<GetaddrReply>>((tables, address) => addressesOf(tables, address).delete(address)),
  'dump getaddr': read<Partial<GetaddrReply>>(dumpAddresses),

  'do newroute': write<RouteAttributes>((tables, route, flags) => routesOf(tables, route).add(route, flags)),
  'do delroute': write<RouteAttributes>((tables, route) => routesOf(tables, route).delete(route)),
  'do getroute': read<RouteAttributes>((tables, route) => [routeTo(tables, route)]),
  'dump getroute': read<RouteAttributes>(dumpRoutes),
  'dump getnexthop': read(() => {
    throw new Rejection('EOPNOTSUPP', 'the fake network has no nexthops');
  }),

  'do newrule': write<Partial<GetruleReply>>(({ rules }, rule, flags) => rules.add(rule, flags)),
  'do delrule': write<Partial<GetruleReply>>(({ rules }, rule) => rules.delete(rule)),
  'dump getrule': read<Partial<GetruleReply>>(({ rules }, { family = 0 }) => familiesOf(family).flatMap((each) => rules.rows(each))),

  'do newneigh': write<Partial<GetneighReply>>(({ neighbours }, entry, flags) => neighbours.add(entry, flags)),
  'do delneigh': write<Partial<GetneighReply>>(({ neighbours }, entry) => neighbours.delete(entry)),
  'do getneigh': read<Partial<GetneighReply>>(({ neighbours }, entry) => [neighbours.get(entry)]),
  'dump getneigh': read<Partial<GetneighReply>>(({ neighbours }, entry) => {
    if (entry.ndmFamily === AddressFamily.Bridge) throw new Rejection('EOPNOTSUPP', 'the fake network has no forwarding entries');
    return neighbours.rows(entry);
  }),
};

/** Executes a request; returns its replies. @param denied - The tables that may not be written. @internal */
export function execute(
  tables: FakeTables,
  families: NetworkFamilies,
  request: Message,
  socket: FakeSocket,
  denied: ReadonlySet<FakeNetworkTable>,
): Replies {
  if (socket.protocol !== Protocol.Route) return absent(request, socket.protocol);
  for (const [name, family] of Object.entries(families) as [keyof NetworkFamilies, AnyFakeFamily][]) {
    const decoded = family.decode(request);
    if (decoded === undefined) continue;
    const { op, mode, value } = decoded;
    const isDump = mode === 'dump';
    try {
      const operation = OPERATIONS[`${mode} ${op}`];
      if (operation === undefined) throw new Rejection('EOPNOTSUPP', `the fake network has no operation ${op}`);
      if (!op.startsWith('get') && denied.has(TABLES[name])) throw new Rejection('EPERM');
      const given = isDump && !socket.getOption('strictCheck') ? withoutFilters(value) : value;
      const rows = tables.notify.during(request, socket, () => operation(tables, { value: given, flags: request.flags }));
      if (rows === undefined) return undefined;
      const flags = isDump && given === value && hasFilter(value) ? MessageFlags.DumpFiltered : 0;
      const replies = rows.map((row) => ({ ...family.encodeReply(op, mode, row), flags }));
      return isDump ? multipart(replies) : replies;
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      const { errno, text } = error;
      const options = text === undefined ? {} : { message: text };
      return isDump ? multipart([], done(errno, options)) : errorReply(errno, options);
    }
  }
  return absent(request, socket.protocol);
}

/** Without strict checking, the kernel ignores the filters of a dump, except the address family and the flags of neighbours. */
function withoutFilters(value: object): object {
  const kept = ['ifaFamily', 'rtmFamily', 'family', 'ndmFamily', 'ndmFlags', 'ifiFamily', 'extMask'];
  return Object.fromEntries(Object.entries(value).filter(([name]) => kept.includes(name)));
}

/** Returns true if a dump selects rows by more than their address family. */
function hasFilter(value: object): boolean {
  const filters = ['master', 'linkinfo', 'ifaIndex', 'table', 'rtmTable', 'oif', 'rtmProtocol', 'rtmType', 'ifindex'];
  return Object.entries(value).some(([name, wanted]) => filters.includes(name) && wanted !== 0 && wanted !== 'unspec');
}

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
