import { hostname } from 'node:os';
import { expect } from 'chai';
import { smc, type SmcFamily } from '../../../../lib/families/smc.js';
import { smcPnetid, type SmcPnetidFamily } from '../../../../lib/families/smc_pnetid.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { requirePrograms, spawnSync } from '../../../support/programs.js';
import { last, modules, run } from '../../support.js';

/** A connection of SMC (IPPROTO_SMC, since Linux 6.11) over loopback, which has no RDMA device: both ends use TCP. */
const CONNECTION = `
import socket
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 256)
listener.bind(('127.0.0.1', 18443))
listener.listen(1)
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 256)
client.connect(('127.0.0.1', 18443))
peer, _ = listener.accept()
client.send(b'a')
peer.recv(1)
`;

describe('smc on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<SmcFamily>;

  before(() => {
    modules('smc');
    client = smc();
  });
  after(() => client?.close());

  it('reads the system, without link groups and devices', async () => {
    const [row] = await last(client.list('get-sys-info'));
    expect(row!.sysInfo).to.deep.include({ ver: 2, isSmcrV2: 1 });
    expect(row!.sysInfo!.localHost!.trim()).to.equal(hostname());
    for (const op of ['get-lgr-smcr', 'get-link-smcr', 'get-lgr-smcd', 'get-dev-smcd'] as const) {
      expect(await last(client.list(op)), op).to.deep.equal([]);
    }
  });

  it('counts the connections that use TCP', async () => {
    requirePrograms('python3');
    const fallbacks = async (): Promise<bigint[]> => {
      const rows = (await last(client.list('get-fback-stats'))).map(({ fbackStats }) => fbackStats!);
      return [1, 0].map((type) => rows.filter((row) => row.type === type).reduce((sum, row) => sum + BigInt(row.rsnCnt ?? 0), 0n));
    };
    const before = await fallbacks();
    const { status, stderr } = spawnSync('python3', ['-c', CONNECTION], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    const after = await fallbacks();
    expect(after.map((count, index) => count - before[index]!)).to.deep.equal([1n, 1n]);
    const [row] = await last(client.list('get-stats'));
    expect(row!.stats!.smcrTech!.clntV1Succ).to.be.a('bigint');
    expect(row!.stats!.smcdTech!.txRmbSize!.g1024k).to.be.a('bigint');
  });

  it('adds, lists and removes identifiers, and switches the limitation of handshakes', async () => {
    const entry = 'VM.RXNETLINK-1'.padEnd(32);
    await last(client.do('add-ueid', { entry }));
    expect((await last(client.list('dump-ueid'))).map((row) => row.entry)).to.include(entry);
    await last(client.do('remove-ueid', { entry }));
    expect((await last(client.list('dump-ueid'))).map((row) => row.entry)).to.not.include(entry);
    const error = (await last(client.do('remove-ueid', { entry })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENOENT remove-ueid: identifier 'VM\.RXNETLINK-1/);
    await last(client.do('enable-hs-limitation'));
    expect(await last(client.list('dump-hs-limitation'))).to.deep.equal([{ enabled: 1 }]);
    await last(client.do('disable-hs-limitation'));
    expect(await last(client.list('dump-hs-limitation'))).to.deep.equal([{ enabled: 0 }]);
  });
});

describe('smcPnetid on the wide kernel', () => {
  let client: FamilyClient<SmcPnetidFamily>;

  before(() => {
    modules('smc', 'veth');
    run('ip link add vmsmc0 type veth peer name vmsmc1');
    client = smcPnetid();
  });
  after(() => {
    client?.close();
    run('ip link del vmsmc0');
  });

  it('adds entries, reads those of one network, deletes and flushes them', async () => {
    await last(client.do('add', { name: 'VMNET1', ethname: 'vmsmc0' }));
    await last(client.do('add', { name: 'VMNET2', ethname: 'vmsmc1' }));
    const entry = { name: 'VMNET1', ethname: 'vmsmc0', ibname: 'n/a', ibport: 255 };
    const rows = await last(client.list('get'));
    expect(rows.map(({ name }) => name)).to.have.members(['VMNET1', 'VMNET2']);
    expect(await last(client.do('get', { name: 'VMNET1' }))).to.deep.equal(entry);
    await last(client.do('del', { name: 'VMNET1' }));
    expect((await last(client.list('get'))).map(({ name }) => name)).to.deep.equal(['VMNET2']);
    await last(client.do('flush'));
    expect(await last(client.list('get'))).to.deep.equal([]);
    const error = (await last(client.do('del', { name: 'VMNET1' })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENOENT del: physical network 'VMNET1'/);
  });
});
