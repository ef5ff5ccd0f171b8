import { expect } from 'chai';

import { nfsd } from '../../../lib/families/nfsd.js';
import { peek, poke } from '../simulated.js';
import { last, modules, run } from '../support.js';
import { spawnSync } from '../../support/programs.js';

/** The server's files, an interface older than netlink, which show and set the same values. */
const FILES = '/proc/fs/nfsd';
const AF_INET = 2;
const AF_INET6 = 10;
const STORAGE_LENGTH = 128;

/** Returns the `struct sockaddr_storage` of an address; the server accepts and returns only this size. */
function storage(family: number, port: number, address: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(STORAGE_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, true);
  view.setUint16(2, port);
  bytes.set(address, family === AF_INET ? 4 : 8);
  return bytes;
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

describe('nfsd on the wide kernel', () => {
  before(() => {
    modules('nfsd');
    if (spawnSync('mount', ['-t', 'nfsd', 'nfsd', FILES]).status !== 0) run(`mount -t nfsd nfsd ${FILES}`);
  });
  after(() => {
    poke(`${FILES}/threads`, '0\n');
    run(`umount ${FILES}`);
  });

  // Version 3 stays off, because the server would need a port mapper.
  it('writes versions as the file `versions` shows them, and reads the versions of that file', async () => {
    using client = nfsd();
    await last(
      client.do('version-set', {
        version: [
          { major: 3, minor: 0 },
          { major: 4, minor: 0 },
          { major: 4, minor: 1, enabled: true },
          { major: 4, minor: 2, enabled: true },
        ],
      }),
    );
    expect(words(peek(`${FILES}/versions`))).to.include.members(['-3', '+4', '-4.0', '+4.1', '+4.2']);
    poke(`${FILES}/versions`, '+4.0 -4.2\n');
    const { version } = await last(client.do('version-get'));
    expect(version).to.deep.include.members([
      { major: 3, minor: 0 },
      { major: 4, minor: 0, enabled: true },
      { major: 4, minor: 1, enabled: true },
      { major: 4, minor: 2 },
    ]);
  });

  it('writes listeners as the file `portlist` and ss show them', async () => {
    using client = nfsd();
    const addr = [
      { addr: storage(AF_INET, 20_490, [127, 0, 0, 1]), transportName: 'tcp' },
      { addr: storage(AF_INET, 20_491, [127, 0, 0, 1]), transportName: 'udp' },
      { addr: storage(AF_INET6, 20_492, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), transportName: 'tcp' },
    ];
    await last(client.do('listener-set', { addr }));
    expect(peek(`${FILES}/portlist`).split('\n')).to.have.members(['tcp 20490', 'udp 20491', 'tcp 20492']);
    expect(run('ss -Hltn')).to.match(/127\.0\.0\.1:20490[^]*\[::1\]:20492/);
    const reply = await last(client.do('listener-get'));
    expect(reply.addr).to.have.deep.members(addr);
  });

  it('writes threads and leases as their files show them', async () => {
    using client = nfsd();
    await last(client.do('threads-set', { threads: [3], gracetime: 45, leasetime: 50, scope: 'vm scope' }));
    expect(peek(`${FILES}/threads`)).to.equal('3');
    expect(peek(`${FILES}/nfsv4leasetime`)).to.equal('50');
    expect(peek(`${FILES}/nfsv4gracetime`)).to.equal('45');
    poke(`${FILES}/threads`, '5\n');
    const { threads, ...server } = await last(client.do('threads-get'));
    expect(threads).to.deep.equal([5]);
    expect(server).to.deep.include({ gracetime: 45, leasetime: 50 });
  });

  it('reads the mode of the thread pools', async () => {
    using client = nfsd();
    const { mode, npools } = await last(client.do('pool-mode-get'));
    expect(mode).to.equal(peek('/sys/module/sunrpc/parameters/pool_mode'));
    expect(npools).to.equal(peek(`${FILES}/pool_threads`).split(' ').length);
  });

  it('reads an empty list of running requests', async () => {
    using client = nfsd();
    expect(await last(client.list('rpc-status-get'))).to.deep.equal([]);
  });
});
