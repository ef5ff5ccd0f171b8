import { MessageFlags, Protocol, type Message } from '../../wire/index.js';
import type { AnyFakeFamily } from '../family/fake-family.js';
import { done, errorReply } from '../reply/ack.js';
import { multipart } from '../reply/multipart.js';
import type { FakeSocket, Replies } from '../reply/reply.js';
import { absent } from './absent.js';
import type { NetworkFamilies } from './families.js';
import type { FakeTables } from './fake-tables.js';
import { OPERATIONS, writtenTable, type FakeNetworkTable } from './operations.js';
import { Rejection } from './rejection.js';

/** Executes a request; returns its replies. @param denied - The tables that may not be written. @internal */
export function execute(
  tables: FakeTables,
  families: NetworkFamilies,
  request: Message,
  socket: FakeSocket,
  denied: ReadonlySet<FakeNetworkTable>,
): Replies {
  if (socket.protocol !== Protocol.Route) return absent(request, socket.protocol);
  for (const family of Object.values(families) as AnyFakeFamily[]) {
    const decoded = family.decode(request);
    if (decoded === undefined) continue;
    const { op, mode, value } = decoded;
    const isDump = mode === 'dump';
    try {
      const operation = OPERATIONS[`${mode} ${op}`];
      if (operation === undefined) throw new Rejection('EOPNOTSUPP', `the fake network has no operation ${op}`);
      const written = writtenTable(op, value);
      if (written !== undefined && denied.has(written)) throw new Rejection('EPERM');
      // Traffic control has its filters in the header, which the kernel reads in any case.
      const canFilter = isDump && family.schema.name !== 'tc';
      const given = canFilter && !socket.getOption('strictCheck') ? withoutFilters(value) : value;
      const rows = tables.notify.during(request, socket, () => operation(tables, { value: given, flags: request.flags }));
      if (rows === undefined) return undefined;
      const flags = canFilter && given === value && hasFilter(value) ? MessageFlags.DumpFiltered : 0;
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
