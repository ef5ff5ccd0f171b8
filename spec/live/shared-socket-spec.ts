import { expect } from 'chai';
import { Subscription } from 'rxjs';
import { rtAddr, rtAddrSchema } from '../../lib/families/rt-addr.js';
import { rtLink, rtLinkSchema } from '../../lib/families/rt-link.js';
import { watchTables } from '../../lib/live/index.js';
import { Protocol, netlink } from '../../lib/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';
import { until } from '../support/sockets.js';

describe('clients that share a socket', () => {
  const LINK = { ifiIndex: 7, ifname: 'eth7', ifiFlags: 0x1002 };
  const ADDRESS = { ifaFamily: 2, ifaIndex: 7, ifaPrefixlen: 24, local: '10.0.0.1', address: '10.0.0.1' };

  /** Counts the dumps of a kernel with one link and one address. */
  function kernelWithDumps(): {
    kernel: ReturnType<typeof fakeKernel>;
    dumps: Record<string, number>;
    notify: () => void;
    /** Announces an address whose link was not announced. */
    notifyAddress: (index: number) => void;
  } {
    const dumps = { links: 0, addresses: 0 };
    const link = fakeFamily(rtLinkSchema, { dump: { getlink: () => (dumps.links++, [LINK]) }, do: { getlink: () => LINK } });
    const address = fakeFamily(rtAddrSchema, { dump: { getaddr: () => (dumps.addresses++, [ADDRESS]) } });
    const kernel = fakeKernel(fakeFamilies(link, address));
    const notify = (): void => {
      link.notify(kernel, 'newlink-ntf', { ...LINK, ifiIndex: 8, ifname: 'eth8' });
      address.notify(kernel, 'newaddr-ntf', { ...ADDRESS, ifaIndex: 8 });
      address.notify(kernel, 'deladdr-ntf', ADDRESS);
      link.notify(kernel, 'dellink-ntf', LINK);
    };
    const notifyAddress = (index: number): void => {
      const local = `10.1.0.${index}`;
      address.notify(kernel, 'newaddr-ntf', { ...ADDRESS, ifaIndex: 9, local, address: local });
    };
    return { kernel, dumps, notify, notifyAddress };
  }

  it('read a table once, however many of them watch it, with two sockets in all', async () => {
    const { kernel, dumps } = kernelWithDumps();
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const all: Subscription = socket.connect();
    const synced: string[] = [];
    for (const client of [rtLink(socket), rtLink(socket), rtLink(socket)])
      all.add(client.watch('getlink').subscribe(({ type }) => synced.push(type)));
    all.add(
      rtAddr(socket)
        .watch('getaddr')
        .subscribe(({ type }) => synced.push(type)),
    );
    await until('all collections', () => synced.length === 4);
    expect(synced).to.deep.equal(['synced', 'synced', 'synced', 'synced']);
    expect(dumps).to.deep.equal({ links: 1, addresses: 1 });
    expect(kernel.sockets).to.have.lengthOf(2);
    all.unsubscribe();
  });

  it('end their own collections when they close, not those of the others', async () => {
    const { kernel, notify } = kernelWithDumps();
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const [one, other] = [rtLink(socket), rtLink(socket)];
    const ends: unknown[] = [];
    const received: string[] = [];
    one.watch('getlink').subscribe({ error: (error: unknown) => ends.push((error as Error).name) });
    const lease = other.watch('getlink').subscribe(({ type }) => received.push(type));
    await until('the collection', () => received.length === 1);
    one.close();
    notify();
    await until('both changes', () => received.length === 3);
    expect(ends).to.deep.equal(['SocketClosedError']);
    expect(received).to.deep.equal(['synced', 'added', 'removed']);
    lease.unsubscribe();
  });

  it('make tables that apply nothing of a slab with a loss: an address of it may be there without its link', async () => {
    const { kernel, dumps, notifyAddress } = kernelWithDumps();
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const emitted: string[] = [];
    const lease = new Subscription();
    const note = (change: { readonly type: string; readonly reason?: string }): void => void emitted.push(change.reason ?? change.type);
    lease.add(watchTables({ links: rtLink(socket).tableOf('getlink'), addresses: rtAddr(socket).tableOf('getaddr') }).subscribe(note));
    lease.add(rtAddr(socket).watch('getaddr').subscribe(note));
    await until('the tables', () => emitted.length === 2);
    // The kernel reports the gap after everything that it has queued; a wake-up delivers at most 32 of these datagrams.
    for (let index = 0; index < 40; index++) notifyAddress(index);
    kernel.overrun();
    await until('the tables after the overrun', () => emitted.length >= 4 && dumps.addresses === 4);
    expect(emitted).to.deep.equal(['initial', 'initial', 'overrun', 'overrun']);
    lease.unsubscribe();
  });

  it('make tables whose changes are emitted in the order of the kernel, and read again after an overrun', async () => {
    const { kernel, dumps, notify } = kernelWithDumps();
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const emitted: string[] = [];
    const lease = watchTables({ links: rtLink(socket).tableOf('getlink'), addresses: rtAddr(socket).tableOf('getaddr') }).subscribe(
      (change) => emitted.push(change.type === 'synced' ? change.reason : `${change.table} ${change.change.type}`),
    );
    await until('the tables', () => emitted.length === 1);
    notify();
    await until('four changes', () => emitted.length === 5);
    const changes = ['links added', 'addresses added', 'addresses removed', 'links removed'];
    expect(emitted).to.deep.equal(['initial', ...changes]);
    kernel.overrun();
    await until('the tables after the overrun', () => emitted.includes('overrun'));
    const differences = ['addresses removed', 'links removed', 'links added', 'addresses added'];
    expect(emitted.slice(5)).to.deep.equal([...differences, 'overrun']);
    expect(dumps).to.deep.equal({ links: 2, addresses: 2 });
    lease.unsubscribe();
  });
});
