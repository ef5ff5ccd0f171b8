import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { gtp, type GtpFamily } from '../../../../lib/families/gtp.js';
import { hsr, type HsrFamily } from '../../../../lib/families/hsr.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { spawn } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { json, last, modules, run } from '../../support.js';

const index = (name: string, words = ''): number => json<{ ifindex: number }[]>(`ip${words} -j link show ${name}`)[0]!.ifindex;
const address = (name: string, words = ''): string => json<{ address: string }[]>(`ip${words} -j link show ${name}`)[0]!.address;

/** Prints the header of the first GTP packet that arrives at the other end of the tunnel, in hexadecimal digits. */
const RECEIVER = `
import socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(('10.77.0.2', 2152))
print('ready', flush=True)
print(receiver.recv(2000)[:8].hex(), flush=True)
`;

describe('gtp on the wide kernel', () => {
  const PEER = 'vm-gtp';
  let client: FamilyClient<GtpFamily>;
  let receiver: ChildProcess;
  let printed = '';

  before(async () => {
    modules('gtp', 'veth');
    run(`ip netns add ${PEER}`);
    run(`ip link add vmg0 type veth peer vmg1 netns ${PEER}`);
    run('ip addr add 10.77.0.1/24 dev vmg0');
    run('ip link set vmg0 up');
    run(`ip -n ${PEER} addr add 10.77.0.2/24 dev vmg1`);
    run(`ip -n ${PEER} link set vmg1 up`);
    run('ip link add vmgtp type gtp role ggsn');
    run('ip link set vmgtp up');
    run('ip route add 10.78.0.0/24 dev vmgtp');
    receiver = spawn('ip', ['netns', 'exec', PEER, 'python3', '-c', RECEIVER], { stdio: ['ignore', 'pipe', 'inherit'] });
    receiver.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
    await until('the receiver', () => printed.includes('ready'), 20_000);
    client = gtp();
  });
  after(() => {
    client?.close();
    receiver?.kill();
    run('ip link del vmgtp');
    run('ip link del vmg0');
    run(`ip netns del ${PEER}`);
  });

  it('creates a context, whose number packets have, and reads it', async () => {
    const events = firstValueFrom(client.notifications('gtp').pipe(take(2), toArray()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const context = {
      link: index('vmgtp'),
      version: 'v1',
      peerAddress: '10.77.0.2',
      msAddress: '10.78.0.5',
      iTei: 100,
      oTei: 0xabcdef,
    } as const;
    await last(client.do('newpdp', context, { exclusive: true }));
    const row = { ...context, family: 2 };
    expect(await last(client.list('getpdp'))).to.deep.equal([row]);
    expect(await last(client.do('getpdp', { link: context.link, version: 'v1', msAddress: '10.78.0.5' }))).to.deep.equal(row);
    spawn('ping', ['-c', '1', '-W', '1', '10.78.0.5'], { stdio: 'ignore' });
    await until('a packet', () => /[0-9a-f]{16}/.test(printed), 20_000);
    // Version 1, protocol GTP; message type 255, a packet; its length; the number of the tunnel.
    expect(printed).to.match(/30ff[0-9a-f]{4}00abcdef/);
    await last(client.do('delpdp', { link: context.link, version: 'v1', msAddress: '10.78.0.5' }));
    expect(await last(client.list('getpdp'))).to.deep.equal([]);
    expect((await events).map(({ op, value }) => [op, value.oTei])).to.deep.equal([
      ['newpdp-ntf', 0xabcdef],
      ['delpdp-ntf', 0xabcdef],
    ]);
  });

  it('names the context in errors', async () => {
    const request = { link: index('vmgtp'), version: 'v1', msAddress: '10.78.0.99' } as const;
    const error = (await last(client.do('getpdp', request)).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENOENT getpdp: PDP context of 10\.78\.0\.99/);
  });
});

describe('hsr on the wide kernel', function () {
  this.timeout(60_000);
  const PEER = 'vm-hsr';
  let client: FamilyClient<HsrFamily>;

  before(() => {
    modules('hsr', 'veth');
    run(`ip netns add ${PEER}`);
    for (const port of ['a', 'b']) {
      run(`ip link add vmh${port}0 type veth peer vmh${port}1 netns ${PEER}`);
      run(`ip link set vmh${port}0 up`);
      run(`ip -n ${PEER} link set vmh${port}1 up`);
    }
    run('ip link add vmhsr type hsr slave1 vmha0 slave2 vmhb0');
    run('ip link set vmhsr up');
    run(`ip -n ${PEER} link add vmhsr type hsr slave1 vmha1 slave2 vmhb1`);
    run(`ip -n ${PEER} link set vmhsr up`);
    client = hsr();
  });
  after(() => {
    client?.close();
    run('ip link del vmhsr');
    for (const port of ['a', 'b']) run(`ip link del vmh${port}0`);
    run(`ip netns del ${PEER}`);
  });

  it('lists the other node, and reads when each port has seen it', async () => {
    const ifindex = index('vmhsr');
    const nodeAddr = address('vmhsr', ` -n ${PEER}`);
    let found: readonly string[] = [];
    for (let tries = 0; tries < 100 && !found.includes(nodeAddr); tries++) {
      found = (await last(client.do('get-node-list', { ifindex }))).nodeAddr ?? [];
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(found).to.include(nodeAddr);
    const status = await last(client.do('get-node-status', { ifindex, nodeAddr }));
    expect(status).to.include({ ifindex, nodeAddr, if1Ifindex: index('vmha0'), if2Ifindex: index('vmhb0') });
    expect(status.if1Age).to.be.within(0, 10_000);
    expect(status.if2Age).to.be.within(0, 10_000);
  });

  it('emits the port that has lost a node', async () => {
    const lost = firstValueFrom(client.notifications('hsr-network').pipe(filter(({ op }) => op === 'ring-error')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const nodeAddr = address('vmhsr', ` -n ${PEER}`);
    run(`ip -n ${PEER} link set vmhb1 down`);
    // Frames keep arriving at the other port.
    const { value } = await lost;
    expect(value).to.deep.include({ nodeAddr, ifindex: index('vmhb0') });
  });
});
