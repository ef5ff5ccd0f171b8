import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import type { TraceEvent } from '../../../../lib/socket/session/trace.js';
import { useNamespace } from '../../../support/namespace.js';
import { pause, until } from '../../../support/sockets.js';
import { failure, one, shown } from '../support.js';

const LONG = 'an-alternative-name-of-more-than-15-bytes';

describe('network().names', () => {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add v0 type ifb', 'link property add dev v0 altname short0', `link property add dev v0 altname ${LONG}`]);
  });
  after(() => net.close());

  const indexOf = (name: string): number => shown<{ readonly ifindex: number }>(namespace(), `ip -j link show dev ${name}`)[0]!.ifindex;
  /** Counts the requests that are sent while a function runs. */
  const requests = async (run: () => Promise<unknown>): Promise<number> => {
    let count = 0;
    const listener = (event: unknown): void => {
      if ((event as TraceEvent).protocol === 0) count++;
    };
    subscribe('rxnetlink:send', listener);
    await run().finally(() => unsubscribe('rxnetlink:send', listener));
    return count;
  };

  it('finds a link by its index, its name and alternative names, with one request each', async () => {
    const index = indexOf('v0');
    const count = await requests(async () => {
      expect(await one(net.names.nameOf(index))).to.equal('v0');
      for (const name of ['v0', 'short0', LONG]) expect(await one(net.names.indexOf(name))).to.equal(index);
    });
    expect(count).to.equal(4);
    expect(await one(net.names.nameOf(indexOf('lo')))).to.equal('lo');
  });

  it('names the link in errors', async () => {
    expect((await failure(net.names.nameOf(9999), 'missing')).message).to.equal('cannot find link index 9999: it does not exist');
    expect((await failure(net.names.indexOf('v9'), 'missing')).message).to.equal('cannot find link v9: it does not exist');
    expect((await failure(net.names.indexOf('a b'), 'invalid')).path).to.equal('name');
    expect(() => net.names.nameOf(0)).to.throw(RangeError, 'index');
  });

  it('answers without a request while a watch is subscribed to, and follows its events', async () => {
    const index = indexOf('v0');
    let synced = false;
    const watch = net.addresses.watch().subscribe(() => (synced = true));
    await until('the watch is consistent', () => synced);
    const known = async (): Promise<void> => {
      expect(await one(net.names.nameOf(index))).to.equal('v0');
      for (const name of ['v0', 'short0', LONG]) expect(await one(net.names.indexOf(name))).to.equal(index);
    };
    expect(await requests(known)).to.equal(0);
    namespace().ip('link set v0 name w0');
    let name = '';
    for (let tries = 0; tries < 200 && name !== 'w0'; tries++) {
      name = await one(net.names.nameOf(index));
      await pause(5);
    }
    expect(name).to.equal('w0');
    expect(await one(net.names.indexOf('w0'))).to.equal(index);
    await failure(net.names.indexOf('v0'), 'missing');
    namespace().ip('link del w0');
    // Not known yet, or known and gone: neither is an index.
    await failure(net.names.indexOf('v0'), 'missing');
    watch.unsubscribe();
    await failure(net.names.indexOf('w0'), 'missing');
    await failure(net.names.nameOf(index), 'missing');
  });

  it('finds a link that was created a moment ago, before its event has arrived', async () => {
    let synced = false;
    const watch = net.links.watch().subscribe(() => (synced = true));
    await until('the watch is consistent', () => synced);
    namespace().ip('link add x0 type ifb');
    expect(await one(net.names.indexOf('x0'))).to.equal(indexOf('x0'));
    watch.unsubscribe();
    expect(await one(net.names.indexOf('x0'))).to.equal(indexOf('x0'));
  });

  it('knows the numbers of routing tables, protocols and scopes', () => {
    const { tables, protocols, scopes } = net.names;
    expect([tables.nameOf(254), tables.nameOf(1234), tables.numberOf('local'), tables.numberOf('none')]).to.deep.equal([
      'main',
      1234,
      255,
      undefined,
    ]);
    expect([protocols.nameOf(4), protocols.numberOf('kernel'), protocols.all.includes('bgp')]).to.deep.equal(['static', 2, true]);
    expect([scopes.nameOf(253), scopes.nameOf(7), scopes.numberOf('host'), scopes.numberOf('none')]).to.deep.equal([
      'link',
      7,
      254,
      undefined,
    ]);
  });
});
