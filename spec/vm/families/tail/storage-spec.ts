import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import { Flag, nbd, type NbdFamily } from '../../../../lib/families/nbd.js';
import { vfsDquot } from '../../../../lib/families/vfs_dquot.js';
import type { FamilyClient } from '../../../../lib/index.js';
import { requirePrograms, spawn, spawnSync } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { last, modules, run } from '../../support.js';

describe('vfsDquot on the wide kernel', () => {
  const [IMAGE, FOLDER, USER] = ['/tmp/vm-quota.img', '/tmp/vm-quota', 1234];

  before(() => {
    requirePrograms('mkfs.ext4', 'setquota');
    modules('ext4', 'loop', 'quota_v2');
    run(`truncate -s 16M ${IMAGE}`);
    run(`mkfs.ext4 -q -O quota ${IMAGE}`);
    run(`mkdir -p ${FOLDER}`);
    run(`mount -o loop,usrquota ${IMAGE} ${FOLDER}`);
    run(`chmod 777 ${FOLDER}`);
    run(`setquota -u ${USER} 32 64 0 0 ${FOLDER}`);
  });
  after(() => {
    run(`umount ${FOLDER}`);
    rmSync(IMAGE);
  });

  it('emits the warnings of a user who writes too much, and deletes it', async () => {
    using client = vfsDquot();
    const warnings = firstValueFrom(client.notifications('events').pipe(take(4), toArray()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const user = ['--reuid', String(USER), '--clear-groups'];
    expect(spawnSync('setpriv', [...user, 'dd', 'if=/dev/zero', `of=${FOLDER}/file`, 'bs=4k', 'count=32']).status).to.not.equal(0);
    run(`setpriv ${user.join(' ')} rm ${FOLDER}/file`);
    const events = await warnings;
    // Linux 6.12 also reports the files, which have no limit.
    expect(events.map(({ value: { warning } }) => warning)).to.deep.equal(['bsoftwarn', 'bhardwarn', 'isoftbelow', 'bsoftbelow']);
    const { dev } = statSync(FOLDER);
    for (const { value } of events) {
      expect(value).to.include({ qtype: 'usrquota', excessId: BigInt(USER), causedId: BigInt(USER) });
      expect([value.devMajor, value.devMinor]).to.deep.equal([(dev >> 8) & 0xfff, dev & 0xff]);
    }
  });
});

/** A server of blocks that are zero, without negotiation: it answers each request of 28 bytes with success. */
const SERVER = `
import socket, struct
listener = socket.create_server(('127.0.0.1', 10809))
print('ready', flush=True)
def exactly(peer, count):
    data = b''
    while len(data) < count:
        part = peer.recv(count - len(data))
        if not part: raise EOFError
        data += part
    return data
peer, _ = listener.accept()
while True:
    magic, flags, kind, cookie, offset, length = struct.unpack('>IHHQQI', exactly(peer, 28))
    if kind == 2: break
    if kind == 1: exactly(peer, length)
    peer.sendall(struct.pack('>IIQ', 0x67446698, 0, cookie) + (b'vm' * (length // 2) if kind == 0 else b''))
`;

describe('nbd on the wide kernel', () => {
  let client: FamilyClient<NbdFamily>;
  let server: ChildProcess;
  let connection: Socket;

  before(async () => {
    modules('nbd');
    run('ip link set lo up');
    server = spawn('python3', ['-c', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => server.stdout!.once('data', resolve));
    connection = new Socket();
    await new Promise<void>((resolve) => connection.connect(10809, '127.0.0.1', resolve));
    // The kernel reads the replies.
    (connection as unknown as { readonly _handle: { readStop(): void } })._handle.readStop();
    client = nbd();
  });
  after(() => {
    client?.close();
    connection?.destroy();
    server?.kill();
  });

  it('connects a device, whose blocks come from the server, and disconnects it', async () => {
    const { fd } = (connection as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const request = { sizeBytes: 1n << 20n, blockSizeBytes: 4096n, timeout: 20n, serverFlags: Flag.HasFlags | Flag.ReadOnly };
    const { index } = await last(client.do('connect', { ...request, sockets: { item: [{ fd }] } }));
    const device = `nbd${index!}`;
    expect(readFileSync(`/sys/block/${device}/size`, 'utf8').trim()).to.equal('2048');
    expect(readFileSync(`/sys/block/${device}/ro`, 'utf8').trim()).to.equal('1');
    expect(spawnSync('dd', [`if=/dev/${device}`, 'bs=4096', 'count=1', 'status=none'], { encoding: 'utf8' }).stdout).to.equal(
      'vm'.repeat(2048),
    );
    const status = await last(client.do('status', { index: index! }));
    expect(JSON.stringify(status)).to.equal(JSON.stringify({ deviceList: { item: [{ index, connected: 1 }] } }));
    await last(client.do('disconnect', { index: index! }));
    await until('the end of the device', () => readFileSync(`/sys/block/${device}/size`, 'utf8').trim() === '0', 10_000);
    const all = await last(client.do('status', {}));
    expect(all.deviceList!.item!.length).to.be.above(1);
    expect(all.deviceList!.item!.every(({ connected }) => connected === 0)).to.equal(true);
  });
});
