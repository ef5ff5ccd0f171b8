import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { tipc, type TipcFamily } from '../../../../lib/families/tipc.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { PATIENCE } from '../../../support/patience.js';
import { requirePrograms, spawn } from '../../../support/programs.js';
import { pause, until } from '../../../support/sockets.js';
import { last, modules, run } from '../../support.js';

const [ONE, TWO] = ['vm-tipc1', 'vm-tipc2'];
const LINK = 'one:vmt1-two:vmt2';
const PEER_LINK = 'two:vmt2-one:vmt1';
/** Runs `tipc` in the first network namespace. */
const shown = (words: string): string => run(`ip netns exec ${ONE} tipc ${words}`).trim();

/** Publishes a range of names until it is ended. */
const PUBLISHER = `
import socket, time
publisher = socket.socket(socket.AF_TIPC, socket.SOCK_RDM)
publisher.bind((socket.TIPC_ADDR_NAMESEQ, 18888, 5, 9, socket.TIPC_CLUSTER_SCOPE))
print('ready', flush=True)
time.sleep(600)
`;

describe('tipc on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<TipcFamily>;
  let publisher: ChildProcess;

  before(async () => {
    requirePrograms('tipc', 'python3');
    modules('tipc', 'veth');
    for (const name of [ONE, TWO]) run(`ip netns add ${name}`);
    run(`ip -n ${ONE} link add vmt1 type veth peer vmt2 netns ${TWO}`);
    run(`ip -n ${ONE} link set vmt1 up`);
    run(`ip -n ${TWO} link set vmt2 up`);
    run(`ip netns exec ${TWO} tipc node set identity two`);
    run(`ip netns exec ${TWO} tipc bearer enable media eth device vmt2`);
    client = tipc({ netns: `/run/netns/${ONE}` });
    // The identity is 16 bytes of text.
    const nodeid = Buffer.from('one'.padEnd(8, '\0')).readBigUInt64LE();
    await last(client.do('net-set', { net: { nodeid, nodeidW1: 0n } }));
    await last(client.do('bearer-enable', { bearer: { name: 'eth:vmt1' } }));
    await until('the link', () => shown('link list').includes(`${LINK}: up`), 30_000);
    let printed = '';
    publisher = spawn('ip', ['netns', 'exec', ONE, 'python3', '-c', PUBLISHER], { stdio: ['ignore', 'pipe', 'inherit'] });
    publisher.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
    await until('the publisher', () => printed.includes('ready'), 20_000);
  });
  after(() => {
    client?.close();
    publisher?.kill();
    for (const name of [ONE, TWO]) run(`ip netns del ${name}`);
  });

  it('has set the identity and enabled a bearer, as tipc shows them', async () => {
    expect(shown('node get identity')).to.match(/^one\b/m);
    expect(shown('bearer list')).to.equal('eth:vmt1');
    const { bearer } = await last(client.do('bearer-get', { bearer: { name: 'eth:vmt1' } }));
    const property = (name: string): number => Number(shown(`bearer get ${name} media eth device vmt1`));
    expect(bearer).to.deep.include({
      name: 'eth:vmt1',
      prop: { prio: property('priority'), tol: property('tolerance'), win: property('window') },
    });
    expect(await last(client.list('bearer-get'))).to.have.length(1);
    const [net] = await last(client.list('net-get'));
    expect(net!.net!.id).to.equal(Number(shown('node get clusterid')));
  });

  it('reads and changes links', async () => {
    await last(client.do('link-set', { link: { name: LINK, prop: { tol: 2000 } } }));
    expect(shown(`link get tolerance link ${LINK}`)).to.equal('2000');
    run(`ip netns exec ${ONE} tipc link set priority 12 link ${LINK}`);
    // The peer takes over another priority, and resets the link for it.
    const peer = (words: string): string => run(`ip netns exec ${TWO} tipc link ${words}`).trim();
    await until('the priority at the peer', () => peer(`get priority link ${PEER_LINK}`) === '12', 20_000);
    await until('the link', () => peer('list').includes(`${PEER_LINK}: up`) && shown('link list').includes(`${LINK}: up`), 30_000);
    const rows = await last(client.list('link-get'));
    expect(rows.map(({ link }) => link!.name)).to.deep.equal(['broadcast-link', LINK]);
    interface Shown {
      readonly link: string;
      readonly mtu: number;
      readonly window: number;
    }
    const listed = (JSON.parse(shown('-j link stat show')) as Shown[]).find(({ link }) => link === LINK)!;
    const { link } = await last(client.do('link-get', { link: { name: LINK } }));
    expect(link).to.deep.include({
      name: LINK,
      up: true,
      active: true,
      mtu: listed.mtu,
      prop: { prio: 12, tol: 2000, win: listed.window },
    });
  });

  it('resets the counters of a link', async () => {
    const sent = async (): Promise<number> => (await last(client.do('link-get', { link: { name: LINK } }))).link!.stats!.txStates!;
    // The link sends a message of its state every few hundred milliseconds: a reset that does nothing leaves as many.
    const end = performance.now() + 20_000 * PATIENCE;
    let before = await sent();
    while (before < 3 && performance.now() < end) {
      await pause(100);
      before = await sent();
    }
    expect(before).to.be.at.least(3);
    await last(client.do('link-reset-stats', { link: { name: LINK } }));
    expect(await sent()).to.be.lessThan(before);
  });

  it('lists nodes, media and the nodes that a bearer monitors', async () => {
    const nodes = await last(client.list('node-get'));
    expect(nodes.filter(({ node }) => node!.up === true)).to.have.length(1);
    expect(shown('node list').split('\n').slice(1)).to.have.length(nodes.length);
    expect((await last(client.list('media-get'))).map(({ media }) => media!.name)).to.deep.equal(shown('media list').split('\n'));
    const [row] = await last(client.list('mon-get'));
    expect(row!.mon).to.deep.include({ bearerName: 'eth:vmt1', peercnt: 2 });
    expect(shown('link monitor summary')).to.match(/cluster_size 2/);
    const peers = await last(client.list('mon-peer-get', { mon: { ref: row!.mon!.ref! } }));
    expect(peers.filter(({ monPeer }) => monPeer!.up === true)).to.have.length(2);
    expect(peers.filter(({ monPeer }) => monPeer!.local === true)).to.have.length(1);
  });

  it('lists the names that a socket has published', async () => {
    const range = { type: 18_888, lower: 5, upper: 9 };
    const names = JSON.parse(shown('-j nametable show')) as { type: number; lower: number; upper: number; port: number }[];
    const rows = (await last(client.list('name-table-get'))).map(({ nameTable }) => nameTable!.publ!);
    expect(rows.map(({ type, lower, upper, ref }) => ({ type, lower, upper, port: ref }))).to.have.deep.members(
      names.map(({ type, lower, upper, port }) => ({ type, lower, upper, port })),
    );
    const port = names.find(({ type }) => type === range.type)!.port;
    const sockets = (await last(client.list('sock-get'))).map(({ sock }) => sock!);
    expect(sockets.find(({ ref }) => ref === port)).to.include({ ref: port, hasPubl: true });
    expect(shown('socket list')).to.include(`socket ${String(port)}`);
    const [published] = await last(client.list('publ-get', { sock: { ref: port } }));
    expect(published!.publ).to.include(range);
  });

  it('names the link in errors', async () => {
    const error = (await last(client.do('link-get', { link: { name: 'none' } })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/link-get: link '?none/);
  });
});
