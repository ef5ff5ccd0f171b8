import { Worker } from 'node:worker_threads';
import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { lastValueFrom, map } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { KernelError, NetlinkError, Protocol, TimeoutError, netlink } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { RTM, getLink } from '../../support/rtnetlink.js';
import { until } from '../../support/sockets.js';

const ROUTES = 20_000;

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail('it succeeded');
}

describe('synchronous requests to the running kernel', function () {
  this.timeout(30_000);
  const namespace = useNamespace();

  before(() => {
    namespace().ip('link add v0 type veth peer name v1');
    namespace().batch(
      Array.from({ length: ROUTES }, (_, index) => `route add 198.18.${String(index >> 8)}.${String(index & 255)}/32 dev lo`),
    );
  });

  it('list links as list() does, in another namespace', async () => {
    using client = rtLink({ netns: namespace().path });
    const rows = client.listSync('getlink');
    expect(rows.map(({ ifname }) => ifname)).to.have.members(['lo', 'v0', 'v1']);
    expect(rows).to.deep.equal(await lastValueFrom(client.list('getlink')));
    expect(client.doSync('getlink', { ifname: 'v0' }, { pick: ['ifname'] })).to.deep.equal({ ifname: 'v0' });
  });

  it('list twenty thousand routes', async () => {
    using client = rtRoute({ netns: namespace().path });
    const rows = client.listSync('getroute', { rtmFamily: 2 });
    expect(rows.length).to.be.at.least(ROUTES);
    expect(rows).to.deep.equal(await lastValueFrom(client.list('getroute', { rtmFamily: 2 })));
  });

  it("throw the kernel's error", () => {
    using client = rtLink({ netns: namespace().path });
    const error = failure(() => client.doSync('getlink', { ifname: 'none' }));
    expect(error).to.be.instanceOf(KernelError).with.property('code', 'ENODEV');
    const socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
    expect(failure(() => socket.requestSync(getLink(4711)))).to.include({ code: 'ENODEV', operation: 'getlink' });
  });

  it('throw the error of opening the socket', () => {
    const socket = netlink({ protocol: Protocol.Route, netns: '/proc/self/no-such-namespace' });
    expect(failure(() => socket.requestSync(getLink(1))))
      .to.be.instanceOf(NetlinkError)
      .with.property('code', 'ENOENT');
  });

  it('throw TimeoutError after the given time, not earlier', () => {
    // Without an ack the kernel does not answer a NOOP.
    const socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
    const began = performance.now();
    const error = failure(() => socket.requestSync({ type: 1 }, { ack: false, timeout: 60 }));
    expect(error).to.be.instanceOf(TimeoutError);
    expect(performance.now() - began).to.be.within(55, 5000);
  });

  it('leave no descriptor behind, although the event loop does not run', () => {
    const client = rtLink({ netns: namespace().path });
    client.listSync('getlink');
    const before = readdirSync('/proc/self/fd').length;
    for (let count = 0; count < 50; count++) client.listSync('getlink');
    failure(() => client.doSync('getlink', { ifname: 'none' }));
    expect(readdirSync('/proc/self/fd').length).to.equal(before);
  });

  it('share a descriptor from the second one in a turn on, which closes after the turn', async () => {
    const count = (): number => readdirSync('/proc/self/fd').length;
    const socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
    const names = [1, 2, 3].map(() => failure(() => socket.requestSync(getLink(4711))) instanceof KernelError);
    expect(names).to.deep.equal([true, true, true]);
    await turn();
    const before = count();
    socket.requestSync(getLink(1));
    expect(count(), 'after the first').to.equal(before);
    socket.requestSync(getLink(1));
    const kept = count();
    // The descriptor of the socket, and that of its namespace.
    expect(kept, 'after the second').to.be.above(before);
    for (let index = 0; index < 20; index++) socket.requestSync(getLink(1));
    expect(count(), 'after the others').to.equal(kept);
    expect(failure(() => socket.requestSync(getLink(4711)))).to.include({ code: 'ENODEV' });
    expect(count(), 'after one that failed').to.equal(before);
    socket.requestSync(getLink(1));
    expect(count(), 'kept again').to.equal(kept);
    socket.receiveBufferSize = 65_536;
    expect(count(), 'after a change of the settings').to.equal(before);
    socket.requestSync(getLink(1));
    await turn();
    expect(count(), 'after the turn').to.equal(before);
    socket.requestSync(getLink(1));
    socket.requestSync(getLink(1));
    socket.close();
    expect(count(), 'after close()').to.equal(before);
  });

  it('have a socket of their own if they are made within another one', () => {
    const socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
    const nested = (): number[] =>
      socket.waitFor((own) => own.request(getLink(1)).pipe(map(() => socket.requestSync(getLink(1)).length)), 'getlink');
    expect([nested(), nested(), nested()]).to.deep.equal([[1], [1], [1]]);
  });

  it('do not emit messages on an open socket', async () => {
    using socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
    const received: unknown[] = [];
    const listening = socket.subscribe((message) => received.push(message));
    expect(socket.requestSync(getLink(1)).map(({ type }) => type)).to.deep.equal([RTM.NEWLINK]);
    const { type } = await lastValueFrom(socket.request(getLink(1)));
    expect(type).to.equal(RTM.NEWLINK);
    await until('the reply and the ack', () => received.length === 2);
    listening.unsubscribe();
  });

  it('work in a worker', async () => {
    const script = `
      require('tsx/cjs/api').register();
      const { rtLink } = require('./lib/families/rt-link.ts');
      const rows = rtLink({ netns: ${JSON.stringify(namespace().path)} }).listSync('getlink');
      require('node:worker_threads').parentPort.postMessage(rows.map(({ ifname }) => ifname));`;
    const worker = new Worker(script, { eval: true, execArgv: [] });
    const names = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(names).to.have.members(['lo', 'v0', 'v1']);
    await worker.terminate();
  });
});
