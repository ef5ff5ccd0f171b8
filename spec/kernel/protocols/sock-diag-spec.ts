import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import {
  KernelError,
  MessageFlags,
  Protocol,
  ipv4Text,
  ipv6Text,
  type Message,
  type NetlinkSocket,
  hostIsLittleEndian,
} from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { errorOf, useSockets } from '../../support/sockets.js';

// uapi/linux/sock_diag.h, inet_diag.h
const SOCK_DIAG_BY_FAMILY = 20;
const AF_INET = 2;
const AF_INET6 = 10;
const TCP = 6;
const LISTEN = 1 << 10;
const COUNT = 40;

/** Returns a `struct inet_diag_req_v2`: family, protocol, extensions, pad, states, and an id of 48 bytes. */
function diagRequest(family: number, states = LISTEN): Uint8Array {
  const payload = new Uint8Array(56);
  payload.set([family, TCP]);
  new DataView(payload.buffer).setUint32(4, states, hostIsLittleEndian);
  return payload;
}

/** Returns the source address and port of a `struct inet_diag_msg`, as `ss` prints them. */
function localOf({ payload }: Message): string {
  const view = new DataView(payload.buffer, payload.byteOffset);
  const text = payload[0] === AF_INET ? ipv4Text(payload, 8) : `[${ipv6Text(payload, 8)}]`;
  return `${text}:${String(view.getUint16(4, false))}`;
}

const LISTENERS = `
const net = require('node:net');
let open = 0;
for (let index = 0; index < ${String(COUNT)}; index++) {
  net.createServer().listen(2000 + index, index % 2 ? '127.0.0.1' : '::1', () => ++open === ${String(COUNT)} && console.log('ready'));
}
`;

describe('sock_diag', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  before(async function () {
    const child = namespace().start(process.execPath, '-e', LISTENERS);
    const line = await new Promise((resolve) => {
      child.stdout?.once('data', resolve);
      child.once('exit', resolve);
    });
    if (String(line).trim() !== 'ready') skipBecause(this, 'no socket can listen in the namespace');
  });
  beforeEach(() => {
    socket = open({ protocol: Protocol.SockDiag, netns: namespace().path });
  });

  const socketsOf = (family: number) =>
    lastValueFrom(
      socket
        .request({ type: SOCK_DIAG_BY_FAMILY, flags: MessageFlags.Dump, payload: diagRequest(family) }, { timeout: 2000 })
        .pipe(toArray()),
    );

  it('lists the listening sockets that ss lists', async () => {
    const rows = [...(await socketsOf(AF_INET)), ...(await socketsOf(AF_INET6))];
    const lines = namespace().run('ss', '-tlnH').trim().split('\n');
    const shown = lines.map((line) => line.split(/\s+/)[3]);
    expect(shown).to.have.length(COUNT);
    expect(rows.map(localOf)).to.have.members(shown);
    expect(socket.counters).to.include({ strays: 0, spoofed: 0 });
  });

  it('fails with ENOENT for a socket that does not exist', async () => {
    const error = await errorOf(socket.request({ type: SOCK_DIAG_BY_FAMILY, payload: diagRequest(AF_INET) }, { timeout: 2000 }));
    expect(error).to.be.instanceOf(KernelError).and.include({ code: 'ENOENT' });
  });
});
