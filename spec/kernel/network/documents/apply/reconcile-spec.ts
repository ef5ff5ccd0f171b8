import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { BehaviorSubject, type Observable, type Subscription } from 'rxjs';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import type { ReconcileEvent } from '../../../../../lib/network/documents/reconcile/reconcile.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { until } from '../../../../support/sockets.js';
import { eventually, onSend, shown } from '../../support.js';

const DOCUMENT: NetworkDocument = {
  version: 1,
  links: [{ name: 'br0', kind: 'bridge', up: true, mtu: 1400, addresses: ['10.1.0.1/24'] }],
  routes: Array.from({ length: 20 }, (_, index) => ({ to: `10.${100 + index}.0.0/16`, via: '10.1.0.9' })),
  owns: { protocol: 99 },
};

describe('network().reconcile', function () {
  this.timeout(60_000);
  useNamespace();
  let namespace: Namespace;
  let net: Network;
  let subscription: Subscription | undefined;
  let events: ReconcileEvent[];

  beforeEach(() => {
    namespace = createNamespace();
    net = network({ netns: namespace.path });
    events = [];
  });
  afterEach(() => {
    subscription?.unsubscribe();
    net.close();
    namespace.delete();
  });

  function start(documents: NetworkDocument | Observable<NetworkDocument>): void {
    subscription = net.reconcile(documents).subscribe({
      next: (event) => events.push(event),
      error: (error: unknown) => events.push({ type: 'failed', error: error as Error, retryIn: -1 }),
    });
  }
  const types = (): readonly string[] => events.map(({ type }) => type);
  const isInSync = (): boolean => events.at(-1)?.type === 'in-sync';
  const routes = (): number => shown(namespace, 'ip -j route show proto 99').length;

  it('makes the document true, and repairs what other programs change', async () => {
    start(DOCUMENT);
    await eventually(isInSync);
    expect(types()).to.deep.equal(['drift', 'repaired', 'in-sync']);
    for (const line of [
      'link del br0',
      'addr del 10.1.0.1/24 dev br0',
      'link set br0 down',
      'route flush proto 99',
      'link set br0 mtu 1300',
    ]) {
      events.length = 0;
      const began = Date.now();
      namespace.batch([line]);
      await eventually(isInSync);
      expect(events[0], line).to.include({ type: 'drift' });
      expect(routes(), line).to.equal(20);
      const [br0] = shown<{ mtu: number; flags: string[] }>(namespace, 'ip -j link show br0');
      expect(br0!.mtu, line).to.equal(1400);
      expect(br0!.flags, line).to.include('UP');
      expect(Date.now() - began).to.be.lessThan(5000);
    }
  });

  it('leaves the short ageing time of a topology change alone, and compares it again afterwards', async () => {
    const bridge = { stp: true, forwardDelay: '4s', maxAge: '6s', ageing: '100s' } as const;
    const document: NetworkDocument = {
      version: 1,
      links: [
        { name: 'br0', kind: 'bridge', bridge, up: true, mtu: 1500 },
        { name: 'near', kind: 'veth', veth: { peer: { name: 'far', up: true } }, master: 'br0', up: true },
      ],
    };
    const read = (): { readonly mtu: number; readonly ageing: unknown; readonly isChanging: boolean } => {
      const [row] = shown<{ mtu: number; linkinfo: { info_data: Record<string, unknown> } }>(namespace, 'ip -d -j link show br0');
      const { ageing_time: ageing, topology_change } = row!.linkinfo.info_data;
      return { mtu: row!.mtu, ageing, isChanging: topology_change === 1 };
    };
    start(document);
    await eventually(isInSync);
    // The port becomes active after two delays: the topology changes, and an event starts a comparison.
    await until('a topology change', () => read().isChanging, 20_000);
    expect(read().ageing).to.equal(800);
    namespace.batch(['link set near mtu 1400', 'link set near mtu 1500']);
    await delay(300);
    expect(types()).to.deep.equal(['drift', 'repaired', 'in-sync']);
    // Another property is repaired without it.
    namespace.batch(['link set br0 mtu 1300']);
    await until('the repair', () => read().mtu === 1500);
    expect(read()).to.include({ ageing: 800, isChanging: true });
    // A program configures what the kernel reports now: it stays when the change has ended, and no event reports it.
    namespace.batch(['link set br0 type bridge ageing_time 800']);
    await until('the end of the topology change, and the repair', () => !read().isChanging && read().ageing === 10_000, 40_000);
    // A document in which another time is asked for is carried out at once.
    subscription!.unsubscribe();
    start({ version: 1, links: [{ name: 'br0', kind: 'bridge', bridge: { ...bridge, ageing: '50s' } }] });
    await eventually(() => read().ageing === 5000);
  });

  it('follows a document that comes while the one before is written', async () => {
    const documents = new BehaviorSubject<NetworkDocument>(DOCUMENT);
    const end = onSend(() => {
      end();
      documents.next({ version: 1, links: [{ name: 'br7', kind: 'bridge' }] });
    });
    start(documents);
    await eventually(isInSync);
    end();
    expect(shown<{ ifname: string }>(namespace, 'ip -j link').map(({ ifname }) => ifname)).to.include('br7');
  });

  it('waits for a link that does not exist yet', async () => {
    start({ version: 1, links: [{ name: 'late0', up: true, mtu: 1300 }] });
    await eventually(() => events.length > 0);
    const [first] = events;
    expect(first!.type === 'failed' && { name: first!.error.name, retryIn: first!.retryIn }).to.deep.equal({
      name: 'NetworkError',
      retryIn: 1000,
    });
    namespace.batch(['link add late0 type bridge']);
    await eventually(isInSync);
    expect(shown<{ mtu: number }>(namespace, 'ip -j link show late0')[0]!.mtu).to.equal(1300);
  });

  it('sees a change of the IPv4 settings of a link', async () => {
    start({ version: 1, links: [{ name: 'br0', kind: 'bridge', up: true, ipv4: { forwarding: true } }] });
    await eventually(isInSync);
    events.length = 0;
    const setting = '/proc/sys/net/ipv4/conf/br0/forwarding';
    namespace.run('sh', '-c', `echo 0 > ${setting}`);
    await eventually(isInSync);
    expect(namespace.run('cat', setting)).to.equal('1\n');
  });

  it('sends nothing while nothing happens, and compares at most once behind its own writes', async () => {
    start(DOCUMENT);
    await eventually(isInSync);
    await delay(300);
    let count = 0;
    const end = onSend(() => count++);
    await delay(400);
    end();
    expect(count).to.equal(0);
    expect(types()).to.deep.equal(['drift', 'repaired', 'in-sync']);
  });

  it('follows documents that take the place of each other, and leaves all at the end', async () => {
    const documents = new BehaviorSubject(DOCUMENT);
    start(documents);
    await eventually(isInSync);
    events.length = 0;
    documents.next({ ...DOCUMENT, routes: DOCUMENT.routes!.slice(0, 5) });
    await eventually(isInSync);
    expect(routes()).to.equal(5);
    documents.complete();
    subscription!.unsubscribe();
    namespace.batch(['route flush proto 99']);
    await delay(300);
    expect(routes()).to.equal(0);
  });

  it('keeps the rest when something cannot be written, and repairs it later', async () => {
    start({ ...DOCUMENT, routes: [{ to: '10.99.0.0/16', via: '10.2.0.9' }, ...DOCUMENT.routes!] });
    await eventually(() => types().includes('failed'));
    const failed = events.find((event) => event.type === 'failed')!;
    expect(failed.error.message).to.include('10.99.0.0/16');
    expect(failed.retryIn).to.equal(1000);
    expect(routes()).to.equal(20);
    namespace.batch(['addr add 10.2.0.1/24 dev lo']);
    await eventually(isInSync);
    expect(routes()).to.equal(21);
  });

  it('writes an object less often when another program fights for it', async () => {
    start(DOCUMENT);
    await eventually(isInSync);
    const fighter = namespace.start('sh', '-c', 'while :; do ip route flush proto 99 to 10.100.0.0/16; sleep 0.02; done');
    await eventually(() => types().includes('fighting'));
    const fight = events.find((event) => event.type === 'fighting')!;
    expect(fight.times).to.equal(6);
    expect(fight.difference.text).to.include('10.100.0.0/16');
    await delay(3000);
    fighter.kill('SIGKILL');
    expect(types().filter((type) => type === 'fighting')).to.have.length(1);
    // After 50, 100, 200, ... ms: without a delay there would be a hundred.
    expect(types().filter((type) => type === 'repaired').length).to.be.within(2, 16);
    expect(routes()).to.be.within(19, 20);
  });

  it('rejects options that are not valid', () => {
    expect(() => net.reconcile(DOCUMENT, { quiet: 'soon' as never })).to.throw(TypeError, 'quiet');
    expect(() => net.reconcile(undefined as never)).to.throw(TypeError, 'expected an object');
  });
});
