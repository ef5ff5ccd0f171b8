import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import {
  KernelError,
  MessageFlags,
  MessageType,
  NetlinkError,
  Protocol,
  netlink,
  type Message,
  type NetlinkSocket,
} from '../../../lib/index.js';
import { host } from '../../support/host-order.js';
import { skipBecause } from '../../support/namespace.js';
import { errorOf } from '../../support/sockets.js';
import { spawnSync } from '../../support/programs.js';

// uapi/linux/audit.h
const AUDIT_GET = 1000;
const AUDIT_GET_FEATURE = 1019;
/** `lost` and `backlog` of `struct audit_status`, which may differ between two replies. */
const VOLATILE = [6, 7];

/** Sends the same request without this library, and prints each received datagram in hexadecimal digits. */
const REQUEST = `
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
s.bind((0, 0)); s.settimeout(2)
s.send(struct.pack('=IHHII', 16, ${String(AUDIT_GET)}, 5, 7, 0))
for _ in range(2): print(s.recv(65536).hex())
`;

const words = ({ payload }: Message) => Array.from(new Uint32Array(payload.slice().buffer)).filter((_, index) => !VOLATILE.includes(index));

describe('audit', () => {
  let socket: NetlinkSocket;

  before(async function () {
    const probe = netlink(Protocol.Audit);
    const error = await errorOf(probe.request({ type: AUDIT_GET }, { timeout: 2000 }));
    if (error instanceof NetlinkError) skipBecause(this, 'audit needs CAP_AUDIT_CONTROL in the initial namespaces', error);
  });
  beforeEach(() => {
    socket = netlink(Protocol.Audit);
  });
  afterEach(() => {
    expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
    socket.close();
  });

  it('receives the reply, with port ID 0, after the ack', async function () {
    const replies = await lastValueFrom(socket.request({ type: AUDIT_GET }, { timeout: 2000 }).pipe(toArray()));
    expect(replies.map(({ type, portId }) => ({ type, portId }))).to.deep.equal([{ type: AUDIT_GET, portId: 0 }]);
    const { status, stdout, stderr, error } = spawnSync('python3', ['-S', '-E', '-c', REQUEST], { encoding: 'utf8' });
    if (status !== 0) skipBecause(this, 'python3 cannot send the request', error ?? stderr);
    const [ack, answer] = stdout.trim().split('\n');
    expect(ack?.slice(8, 12)).to.equal(Buffer.from(host(MessageType.Error, 0)).toString('hex'));
    const theirs = new Uint32Array(Uint8Array.from(Buffer.from(answer!.slice(32), 'hex')).buffer);
    expect(words(replies[0]!)).to.deep.equal(Array.from(theirs).filter((_, index) => !VOLATILE.includes(index)));
  });

  it('receives its own reply to each of 200 consecutive and 50 concurrent requests', async () => {
    using lease = socket.connect();
    for (let round = 0; round < 200; round++) {
      const type = round % 2 === 0 ? AUDIT_GET : AUDIT_GET_FEATURE;
      const replies = await lastValueFrom(socket.request({ type }, { timeout: 2000 }).pipe(toArray()));
      expect(replies.map((reply) => reply.type)).to.deep.equal([type]);
    }
    const types = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? AUDIT_GET : AUDIT_GET_FEATURE));
    const replies = await Promise.all(types.map((type) => lastValueFrom(socket.request({ type }, { timeout: 2000 }).pipe(toArray()))));
    expect(replies.map((all) => all.map(({ type }) => type))).to.deep.equal(types.map((type) => [type]));
    expect(lease.closed).to.equal(false);
  });

  it('fails with EOPNOTSUPP for a request that the kernel does not support', async () => {
    const error = await errorOf(socket.request({ type: 1002, flags: MessageFlags.Request }, { timeout: 2000 }));
    // The kernel no longer supports AUDIT_LIST.
    expect(error).to.be.instanceOf(KernelError).and.include({ code: 'EOPNOTSUPP' });
  });
});
