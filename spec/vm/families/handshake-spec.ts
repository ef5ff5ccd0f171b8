import { readdirSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';

import { handshake } from '../../../lib/families/handshake.js';
import { nfsd } from '../../../lib/families/nfsd.js';
import { poke } from '../simulated.js';
import { last, modules, run } from '../support.js';

const FILES = '/proc/fs/nfsd';
const PORT = 20_493;
const AUTH_TLS = 7;
const NFS = 100_003;

/** Returns an RPC call over TCP that only asks whether the connection may be encrypted (RFC 9289). */
function startTls(xid: number): Buffer {
  const words = [xid, 0, 2, NFS, 4, 0, AUTH_TLS, 0, 0, 0];
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes.writeUInt32BE((0x8000_0000 | (4 * words.length)) >>> 0, 0);
  words.forEach((word, index) => bytes.writeUInt32BE(word, 4 + 4 * index));
  return bytes;
}

/** Returns the targets of the process's descriptors. */
function descriptors(): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      found.set(Number(name), readlinkSync(`/proc/self/fd/${name}`));
    } catch {
      // The descriptor that read the folder is closed.
    }
  }
  return found;
}

describe('handshake on the wide kernel', () => {
  let client: Socket | undefined;

  before(async () => {
    modules('nfsd', 'tls');
    run(`mount -t nfsd nfsd ${FILES}`);
    using server = nfsd();
    // The machine has no port mapper, which older versions need.
    poke(`${FILES}/versions`, '-3 +4 +4.1\n');
    const addr = new Uint8Array(128);
    new DataView(addr.buffer).setUint16(0, 2, true);
    new DataView(addr.buffer).setUint16(2, PORT);
    addr.set([127, 0, 0, 1], 4);
    await last(server.do('listener-set', { addr: [{ addr, transportName: 'tcp' }] }));
    await last(server.do('threads-set', { threads: [2] }));
  });
  after(() => {
    client?.destroy();
    poke(`${FILES}/threads`, '0\n');
    run(`umount ${FILES}`);
  });

  it("receives the event of a server's TLS handshake, accepts its socket and sends the result", async () => {
    using daemon = handshake();
    const received = firstValueFrom(daemon.notifications('tlshd'));
    client = connect(PORT, '127.0.0.1');
    await once(client, 'connect');
    client.write(startTls(0x77));
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString('latin1')).to.include('STARTTLS');
    expect(await received).to.deep.include({ op: 'ready', value: { handlerClass: 'tlshd' } });

    // Opens the socket of the requests before the descriptors are listed.
    using _lease = daemon.socket.connect();
    const before = descriptors();
    const request = await last(daemon.do('accept', { handlerClass: 'tlshd' }));
    const after = descriptors();
    const [descriptor, ...more] = [...after].filter(([fd, target]) => before.get(fd) !== target && target.startsWith('socket:'));
    expect(more).to.deep.equal([]);
    expect(request).to.include({ sockfd: descriptor![0], messageType: 'serverhello', authMode: 'x509' });
    // The accepted socket is the server's end of the connection.
    const inode = /\d+/.exec(descriptor![1])![0];
    expect(run('ss -Htnpe')).to.match(new RegExp(`127\\.0\\.0\\.1:${PORT} +127\\.0\\.0\\.1:${client.localPort!}.*ino:${inode}`));

    const ended = once(client, 'close');
    client.on('error', () => undefined);
    // EACCES: the server closes the connection.
    await last(daemon.do('done', { status: 13, sockfd: request.sockfd! }));
    await ended;
    expect(run('ss -Htn state established')).not.to.include(`:${client.remotePort ?? PORT} `);
  });

  it('fails with EAGAIN if there is no handshake to accept', async () => {
    using daemon = handshake();
    const error: unknown = await last(daemon.do('accept', { handlerClass: 'tlshd' })).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'KernelError', code: 'EAGAIN' });
  });
});
