import { expect } from 'chai';
import { closeListeners, listen } from '../../support/native-listener.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

const LINK = 1;
const EVENTS = 500;

/** A full queue makes the kernel report ENOBUFS ahead of older messages, and libuv stop the watcher with UV_EBADF. */
describe('native socket: overruns', () => {
  const namespace = useNamespace();
  let mtu = 1000;

  /** Blocks the event loop while a link changes: each change sends one datagram to the group. */
  function change(times: number): void {
    namespace().batch(Array.from({ length: times }, () => `link set v0 mtu ${++mtu}`));
  }

  before(() => {
    namespace().ip('link add v0 type veth peer name v1');
  });
  afterEach(closeListeners);

  it('delivers the queued datagrams, then reports the number of dropped ones, and continues', async function () {
    const small = listen({ netns: namespace().path });
    const large = listen({ netns: namespace().path });
    small.connection.setBufferSize('receive', 16_384);
    large.connection.setBufferSize('receive', 32 << 20);
    if (large.connection.getBufferSize('receive') < EVENTS * 4096)
      skipBecause(this, 'net.core.rmem_max is too small to receive all events');
    for (const { connection } of [small, large]) connection.join(LINK);

    change(EVENTS);
    await small.until(() => small.deliveries.some(({ lost }) => lost));
    await large.until(() => large.deliveries.at(-1)?.drained === true && large.entries().length >= EVENTS);

    const lossy = small.deliveries.filter(({ lost }) => lost);
    expect(lossy).to.have.length(1);
    expect(lossy[0]?.drained).to.equal(true);
    expect(small.deliveries.at(-1)).to.equal(lossy[0]);
    expect(small.entries().length).to.be.greaterThan(0);
    expect(lossy[0]?.dropped).to.be.greaterThan(0);
    expect(small.entries().length + (lossy[0]?.dropped ?? 0)).to.equal(large.entries().length);
    expect(small.connection.drops()).to.equal(lossy[0]?.dropped);
    expect(large.connection.drops()).to.equal(0);

    const before = small.entries().length;
    change(1);
    await small.until(() => small.entries().length > before);
    expect(small.deliveries.at(-1)).to.include({ lost: false, drained: true });
  });

  it('counts a second overrun from the end of the first', async () => {
    const small = listen({ netns: namespace().path });
    small.connection.setBufferSize('receive', 16_384);
    small.connection.join(LINK);
    for (const round of [1, 2]) {
      change(100);
      await small.until(() => small.deliveries.filter(({ lost }) => lost).length === round);
    }
    const reported = small.deliveries.reduce((sum, { dropped }) => sum + dropped, 0);
    expect(reported).to.equal(small.connection.drops());
    expect(small.entries().length + reported).to.equal(200);
  });

  it('delivers the queued datagrams in several wake-ups before it reports the overrun', async () => {
    // A wake-up reads at most 64 datagrams; the overrun follows several. The space of a datagram differs by kernel and machine.
    const small = listen({ netns: namespace().path });
    small.connection.setBufferSize('receive', 409_600);
    small.connection.join(LINK);
    change(2 * EVENTS);
    await small.until(() => small.deliveries.some(({ lost }) => lost));
    const first = small.deliveries.findIndex(({ lost }) => lost);
    expect(first).to.be.greaterThan(1);
    expect(
      small.deliveries.slice(0, first).every(({ entries, drained, dropped }) => entries.length === 64 && !drained && dropped === 0),
    ).to.equal(true);
    expect(small.deliveries[first]?.drained).to.equal(true);
  });

  it('compares the drop counter when noEnobufs is set', async () => {
    const silent = listen({ netns: namespace().path });
    silent.connection.setBufferSize('receive', 16_384);
    silent.connection.setOption('noEnobufs', true);
    silent.connection.join(LINK);
    change(100);
    await silent.until(() => silent.deliveries.some(({ lost }) => lost));
    const reported = silent.deliveries.reduce((sum, { dropped }) => sum + dropped, 0);
    expect(silent.entries().length + reported).to.equal(100);
    change(1);
    await silent.until(() => silent.entries().length + reported === 101);
    expect(silent.deliveries.at(-1)?.lost).to.equal(false);
  });

  it('reports the overrun after a pause', async () => {
    const small = listen({ netns: namespace().path });
    small.connection.setBufferSize('receive', 16_384);
    small.connection.join(LINK);
    small.connection.pause();
    change(100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(small.deliveries).to.have.length(0);
    small.connection.resume();
    await small.until(() => small.deliveries.some(({ lost }) => lost));
    expect(small.entries().length + small.deliveries.reduce((sum, { dropped }) => sum + dropped, 0)).to.equal(100);
  });
});
