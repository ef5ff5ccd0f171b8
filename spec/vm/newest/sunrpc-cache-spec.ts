import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { nfsd } from '../../../lib/families/nfsd.js';
import { CacheType, sunrpcCache } from '../../../lib/families/sunrpc_cache.js';
import { peek, poke } from '../simulated.js';
import { last, run } from '../support.js';
import { spawnSync } from '../../support/programs.js';
import { requireFamily } from './require-family.js';

/** The caches' files, an interface older than netlink, which show the same entries. */
const CONTENT = '/proc/net/rpc';
const FILES = '/proc/fs/nfsd';
const PORT = 20_495;
const LATER = BigInt(Math.floor(Date.now() / 1000) + 3600);

const lines = (cache: string): string[] =>
  peek(`${CONTENT}/${cache}/content`)
    .split('\n')
    .filter((line) => !line.startsWith('#'));

/** Returns a call of NFS 4, COMPOUND without operations, with AUTH_UNIX credentials: the server asks which client has the address. */
function compoundCall(): Buffer {
  const words = [7, 0, 2, 100_003, 4, 1, 1, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((word) => word >>> 0);
  const message = Buffer.alloc(4 + words.length * 4);
  message.writeUInt32BE((0x8000_0000 + words.length * 4) >>> 0, 0);
  words.forEach((word, index) => message.writeUInt32BE(word, 4 + index * 4));
  return message;
}

describe('sunrpc caches on a wide kernel', () => {
  before(async function () {
    await requireFamily(this, 'sunrpc');
    await requireFamily(this, 'nfsd');
    if (spawnSync('mount', ['-t', 'nfsd', 'nfsd', FILES]).status !== 0) run(`mount -t nfsd nfsd ${FILES}`);
  });
  after(() => {
    poke(`${FILES}/threads`, '0\n');
    run(`umount ${FILES}`);
  });

  it('writes clients and groups as the files show them, and flushes them', async () => {
    using client = sunrpcCache();
    const requests = [
      { class: 'nfsd', addr: '192.0.2.7', domain: 'example', expiry: LATER },
      { class: 'nfsd', addr: '2001:db8::7', domain: 'other', expiry: LATER },
    ];
    await last(client.do('ip-map-set-reqs', { requests }));
    expect(lines('auth.unix.ip')).to.have.members(['nfsd 192.0.2.7 example', 'nfsd 2001:0db8:0000:0000:0000:0000:0000:0007 other']);
    await last(client.do('unix-gid-set-reqs', { requests: [{ uid: 1042, gids: [7, 100, 70_000], expiry: LATER }] }));
    expect(lines('auth.unix.gid')).to.deep.equal(['1042 3: 7 100 70000']);
    await last(client.do('cache-flush', { mask: CacheType.IpMap }));
    expect(lines('auth.unix.ip')).to.deep.equal([]);
    expect(lines('auth.unix.gid')).to.deep.equal(['1042 3: 7 100 70000']);
    await last(client.do('cache-flush', {}));
    expect(lines('auth.unix.gid')).to.deep.equal([]);
  });

  it('reports that the server needs a client, lists the request, and answers it', async () => {
    using server = nfsd();
    const address = Buffer.alloc(128);
    address.writeUInt16LE(2, 0);
    address.writeUInt16BE(PORT, 2);
    address.set([127, 0, 0, 1], 4);
    await last(server.do('version-set', { version: [{ major: 4, minor: 0, enabled: true }] }));
    await last(server.do('listener-set', { addr: [{ addr: address, transportName: 'tcp' }] }));
    await last(server.do('threads-set', { threads: [1] }));
    using client = sunrpcCache();
    const event = firstValueFrom(client.notifications('exportd'));
    expect(await last(client.list('ip-map-get-reqs'))).to.deep.equal([]);
    const connection = createConnection(PORT, '127.0.0.1');
    await once(connection, 'connect');
    connection.write(compoundCall());
    const { op, value } = await event;
    expect({ op, value }).to.deep.equal({ op: 'cache-notify', value: { cacheType: CacheType.IpMap } });
    const rows = (await last(client.list('ip-map-get-reqs'))).flatMap(({ requests = [] }) => requests);
    expect(rows.map(({ class: name, addr }) => ({ name, addr }))).to.deep.equal([{ name: 'nfsd', addr: '127.0.0.1' }]);
    await last(client.do('ip-map-set-reqs', { requests: [{ class: 'nfsd', addr: '127.0.0.1', domain: 'vm', expiry: LATER }] }));
    expect(lines('auth.unix.ip')).to.deep.equal(['nfsd 127.0.0.1 vm']);
    const [reply] = (await once(connection, 'data')) as [Buffer];
    expect(reply.readUInt32BE(4)).to.equal(7);
    connection.destroy();
    await last(client.do('cache-flush', {}));
  });
});
