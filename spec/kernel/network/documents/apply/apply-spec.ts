import { expect } from 'chai';
import { EMPTY, NEVER, firstValueFrom, lastValueFrom, map, of, tap, timer, toArray } from 'rxjs';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { isApplyError, type ApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { countWrites, eventually, failure, one, shown } from '../../support.js';
import { pictureOf, settledPicture } from './picture.js';
import { refusingTransport, type RefusingTransport } from './refusing.js';

const DOCUMENT: NetworkDocument = {
  version: 1,
  links: [
    { name: 'v0', kind: 'veth', veth: { peer: { name: 'v1' } }, up: true, addresses: ['10.1.0.1/24', 'fd01::1/64'] },
    { name: 'v1', up: true, mtu: 1400 },
    { name: 'br0', kind: 'bridge', up: true, addresses: ['10.2.0.1/24'] },
  ],
  routes: [
    { to: '10.9.0.0/16', via: '10.1.0.9' },
    { to: 'fd09::/64', via: 'fd01::9', source: 'fd01::1' },
  ],
  rules: [{ priority: 900, from: '10.9.0.0/16', table: 50 }],
};

/** Links of other programs. */
const SCENE = ['link add d0 type ifb', 'link set d0 up', 'addr add 10.3.0.1/24 dev d0', 'route add 10.8.0.0/16 via 10.3.0.9 proto bgp'];

describe('network().apply', function () {
  this.timeout(60_000);
  useNamespace();
  let namespace: Namespace;
  let kernel: RefusingTransport;
  let net: Network;

  beforeEach(() => {
    namespace = createNamespace();
    namespace.batch(SCENE);
    kernel = refusingTransport();
    net = network({ netns: namespace.path, transport: kernel.transport });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  async function failed(run: Promise<unknown>): Promise<ApplyError> {
    const error = await run.then(
      () => new Error('apply succeeded'),
      (reason: unknown) => reason,
    );
    if (!isApplyError(error)) throw error;
    return error;
  }

  /** Waits until the applications before have ended. */
  const idle = (): Promise<unknown> => one(net.apply({ version: 1 }));

  it('makes a document true, and writes nothing the second time', async () => {
    const { written, rounds, left, differences } = await one(net.apply(DOCUMENT));
    expect({ written, rounds, left }).to.deep.equal({ written: differences.length, rounds: 1, left: [] });
    const addresses = shown<{ ifname: string; mtu: number; addr_info: { local: string; tentative?: boolean }[] }>(namespace, 'ip -j addr');
    const localOf = (name: string): readonly string[] =>
      addresses.find(({ ifname }) => ifname === name)!.addr_info.map(({ local }) => local);
    expect(localOf('v0')).to.deep.equal(['10.1.0.1', 'fd01::1']);
    expect(localOf('br0')).to.deep.equal(['10.2.0.1']);
    expect(addresses.find(({ ifname }) => ifname === 'v1')!.mtu).to.equal(1400);
    expect(shown(namespace, 'ip -j -6 route show fd09::/64')).to.containSubset([{ gateway: 'fd01::9', prefsrc: 'fd01::1' }]);
    expect(shown<{ priority: number }>(namespace, 'ip -j rule').map(({ priority }) => priority)).to.include(900);
    expect(await countWrites(() => one(net.apply(DOCUMENT)))).to.equal(0);
    expect((await one(net.plan(DOCUMENT))).text).to.equal('');
  });

  it('emits its progress, and the result last', async () => {
    const types = await lastValueFrom(
      net.applyWithProgress(DOCUMENT).pipe(
        map(({ type }) => type),
        toArray(),
      ),
    );
    expect(types.filter((type) => type !== 'done')).to.deep.equal(['started', 'verified', 'applied']);
    expect(types.indexOf('done')).to.equal(1);
  });

  it('undoes everything when it is unsubscribed at any write', async () => {
    const before = await settledPicture(namespace);
    let count = 0;
    for (let limit = 1; ; limit += 2) {
      let writes = 0;
      let isComplete = false;
      await new Promise<void>((resolve) => {
        const subscription = net.apply(DOCUMENT).subscribe({ complete: () => ((isComplete = true), resolve()) });
        kernel.onWrite = () => {
          if (++writes !== limit) return;
          setImmediate(() => {
            subscription.unsubscribe();
            resolve();
          });
        };
      });
      kernel.onWrite = undefined;
      await idle();
      if (isComplete) break;
      count++;
      expect(pictureOf(namespace), `after ${limit} writes`).to.deep.equal(before);
    }
    expect(count).to.be.greaterThan(2);
  });

  it('undoes everything before it signals an aborted signal or a timeout', async () => {
    const before = await settledPicture(namespace);
    const controller = new AbortController();
    kernel.onWrite = () => controller.abort('enough');
    const aborted = await failed(one(net.apply(DOCUMENT, { signal: controller.signal })));
    kernel.onWrite = undefined;
    expect(aborted).to.include({ undone: true, reason: 'cancelled' });
    expect((aborted.cause as Error).cause).to.equal('enough');
    expect(pictureOf(namespace)).to.deep.equal(before);
    const late = await failed(one(net.apply(DOCUMENT, { confirm: { within: '1h', by: NEVER }, timeout: 2500 })));
    expect(late).to.include({ undone: true, reason: 'timeout' });
    expect(pictureOf(namespace)).to.deep.equal(before);
  });

  it('leaves what was written with onFailure: stop, and writes the rest with continue', async () => {
    const document: NetworkDocument = { ...DOCUMENT, routes: [{ to: '10.7.0.0/16', via: '10.66.0.9' }, ...DOCUMENT.routes!] };
    const stopped = await failed(one(net.apply(document, { onFailure: 'stop' })));
    expect(stopped).to.include({ undone: false, reason: 'unreachable' });
    expect(stopped.done.map(({ text }) => text)).to.include('+ link br0');
    expect(stopped.left.map(({ text }) => text)).to.include('+ route 10.7.0.0/16 via 10.66.0.9');
    expect(shown(namespace, 'ip -j link show br0')).to.have.length(1);
    const { left } = await one(net.apply(document, { onFailure: 'continue' }));
    expect(left[0]!.error).to.include({ reason: 'unreachable', code: 'ENETUNREACH', path: 'routes[0]' });
    expect(left[0]!.error!.message).to.include('Nexthop has invalid gateway (ENETUNREACH)');
    expect(left.map(({ text }) => text)).to.deep.equal(['+ route 10.7.0.0/16 via 10.66.0.9']);
    expect(shown(namespace, 'ip -j route show 10.9.0.0/16')).to.have.length(1);
  });

  it('names the route that the kernel rejects', async () => {
    const document: NetworkDocument = { version: 1, routes: [{ to: '10.7.0.0/16', via: '10.66.0.9' }] };
    const { message, code } = await failed(one(net.apply(document)));
    expect(message).to.include('route 10.7.0.0/16 via 10.66.0.9').and.to.include('(ENETUNREACH)').and.to.include('nothing was changed');
    expect(code).to.equal('ENETUNREACH');
  });

  it('applies a plan, and refuses it after a change by another program', async () => {
    const plan = await one(net.plan(DOCUMENT));
    namespace.batch(['link add br0 type bridge']);
    const { reason, done } = await failed(one(net.apply(plan)));
    expect({ reason, done }).to.deep.equal({ reason: 'stale', done: [] });
    const { written } = await one(net.apply(await one(net.plan(DOCUMENT))));
    expect(written).to.be.greaterThan(0);
  });

  it('refuses a document with a conflict before the first write', async () => {
    const document: NetworkDocument = { ...DOCUMENT, routes: [{ to: '10.8.0.0/16', via: '10.3.0.7' }] };
    const writes = await countWrites(async () => {
      const { reason, message } = await failed(one(net.apply(document)));
      expect(reason).to.equal('conflict');
      expect(message)
        .to.contain('stand in the way: ? route 10.8.0.0/16')
        .and.to.contain('; takeOver: true beside a route of the document takes it over');
    });
    expect(writes).to.equal(0);
    const { left } = await one(net.apply(document, { onFailure: 'continue' }));
    expect(left.map(({ table, error }) => [table, error?.reason])).to.deep.equal([['routes', 'conflict']]);
    expect(left[0]!.error!.message).to.match(/^cannot change route 10\.8\.0\.0\/16.*: another program has it; takeOver: true/);
  });

  it('rejects a document that is not valid, and options that are not valid', async () => {
    await failure(net.apply({ version: 1, links: [{ name: 'v0', mtu: 'large' as never }] }), 'invalid');
    expect(() => net.apply(DOCUMENT, { onFailure: 'panic' as never })).to.throw(TypeError, 'onFailure');
    expect(() => net.apply(undefined as never)).to.throw(TypeError, 'expected an object');
  });

  it('runs one application after the other, and takes out a waiting one', async () => {
    const order: string[] = [];
    const first = one(net.apply(DOCUMENT).pipe(tap(() => order.push('first'))));
    const waiting = net.apply({ version: 1, links: [{ name: 'br0', absent: true }] }).subscribe(() => order.push('waiting'));
    const last = one(net.apply({ version: 1, links: [{ name: 'br0', mtu: 1300 }] }).pipe(tap(() => order.push('last'))));
    waiting.unsubscribe();
    await Promise.all([first, last]);
    expect(order).to.deep.equal(['first', 'last']);
    expect(shown<{ mtu: number }>(namespace, 'ip -j link show br0')[0]!.mtu).to.equal(1300);
  });

  it('keeps what is confirmed, and undoes the rest', async () => {
    const before = await settledPicture(namespace);
    for (const by of [NEVER, EMPTY]) {
      const error = await failed(one(net.apply(DOCUMENT, { confirm: { within: 50, by } })));
      expect(error).to.include({ undone: true, reason: 'timeout' });
      expect(pictureOf(namespace)).to.deep.equal(before);
    }
    await one(net.apply(DOCUMENT, { confirm: { within: '1s', by: timer(10) } }));
    expect(shown(namespace, 'ip -j link show br0')).to.have.length(1);
    expect(await one(net.apply(DOCUMENT, { confirm: { within: '1s', by: of(1) } }))).to.include({ written: 0 });
  });

  it('brings a namespace back if the subscriber of rollback() leaves, and then applies documents', async () => {
    const before = await settledPicture(namespace);
    const checkpoint = await one(net.checkpoint());
    await one(net.links.add({ name: 'trial', kind: 'bridge' }));
    checkpoint.rollback().subscribe().unsubscribe();
    await idle();
    expect(await settledPicture(namespace)).to.deep.equal(before);
  });

  it('brings a namespace back to a checkpoint, and reports nothing left', async () => {
    const before = await settledPicture(namespace);
    const checkpoint = await one(net.checkpoint());
    await one(net.apply({ ...DOCUMENT, links: [...DOCUMENT.links!, { name: 'd0', addresses: ['10.3.0.2/24'], mtu: 1300 }] }));
    namespace.batch(['route flush proto bgp', 'link set d0 down', 'link add z0 type bridge']);
    expect(await one(checkpoint.rollback())).to.deep.equal([]);
    expect(pictureOf(namespace)).to.deep.equal(before);
    expect(checkpoint.rows).to.be.greaterThan(4);
  });

  it('creates a network namespace with its contents, and undoes that', async () => {
    const name = `rxnl-inner-${process.pid}`;
    const document: NetworkDocument = {
      version: 1,
      links: [{ name: 'v0', kind: 'veth', veth: { peer: { name: 'v1', netns: name } }, up: true, addresses: ['10.1.0.1/24'] }],
      namespaces: { [name]: { version: 1, links: [{ name: 'v1', up: true, addresses: ['10.1.0.2/24'] }] } },
    };
    const exists = (): boolean => namespace.run('ip', 'netns', 'list').includes(name);
    const { left } = await one(net.apply(document));
    expect(left).to.deep.equal([]);
    expect(shown<{ addr_info: { local: string }[] }>(namespace, `ip -n ${name} -j -4 addr show v1`)[0]!.addr_info[0]!.local).to.equal(
      '10.1.0.2',
    );
    // The kernel deletes the pair a moment after the namespace: it may still be there, with its peer in the deleted one.
    for (let round = 0; round < 5; round++) {
      expect(await one(net.apply({ version: 1, namespaces: { [name]: null } }))).to.include({ written: 1 });
      expect(exists()).to.equal(false);
      await one(net.apply(document));
      expect((await one(net.plan(document))).text).to.equal('');
    }
    await one(net.apply({ version: 1, namespaces: { [name]: null } }));
    await eventually(() => !shown<{ ifname: string }>(namespace, 'ip -j link').some(({ ifname }) => ifname === 'v0'));
    await failed(one(net.apply(document, { confirm: { within: 10, by: NEVER } })));
    expect(exists()).to.equal(false);
    expect(await firstValueFrom(net.links.find('v0'))).to.equal(undefined);
  });
});
