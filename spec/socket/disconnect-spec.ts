import { expect } from 'chai';
import { NEVER, firstValueFrom, type Observable } from 'rxjs';
import { rtLinkSchema, rtLink } from '../../lib/families/rt-link.js';
import { NetlinkError } from '../../lib/errors/index.js';
import { netlink } from '../../lib/socket/index.js';
import { fakeFamilies, fakeFamily, fakeKernel, notification } from '../../lib/testing/index.js';
import { MessageFlags, Protocol } from '../../lib/wire/index.js';

/** Returns the error with which an Observable ends. */
function endOf(stream: Observable<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    stream.subscribe({ error: resolve, complete: () => reject(new Error('it completed')) });
  });
}

function expectDisconnect(error: unknown): void {
  expect(error).to.be.an.instanceOf(NetlinkError);
  expect((error as NetlinkError).code).to.equal('ENOTCONN');
}

describe('a connection that ends by itself', () => {
  it('ends requests and streams with its error, and is closed', async () => {
    const kernel = fakeKernel(() => NEVER);
    using socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const ends = [
      endOf(socket.datagrams),
      endOf(socket.multicast(1)),
      endOf(socket.request({ type: 18, flags: MessageFlags.Request | MessageFlags.Ack })),
    ];
    kernel.disconnect();
    for (const error of await Promise.all(ends)) expectDisconnect(error);
    expect(kernel.sockets).to.deep.equal([]);
  });

  it('is followed by another one, in the same groups', async () => {
    const kernel = fakeKernel();
    using socket = netlink({ protocol: Protocol.Route, transport: kernel, groups: [7] });
    const end = endOf(socket.multicast(1));
    kernel.disconnect('EPIPE');
    expect(((await end) as NetlinkError).code).to.equal('EPIPE');
    const next = firstValueFrom(socket.multicast(1));
    expect(kernel.opened).to.equal(2);
    expect(kernel.sockets[0]!.memberships()).to.deep.equal([1, 7]);
    kernel.notify(1, notification(16, Uint8Array.of(3)));
    expect([...(await next).payload]).to.deep.equal([3]);
  });

  it('ends a live collection with its error', async () => {
    const links = fakeFamily(rtLinkSchema, { dump: { getlink: () => [] } });
    const kernel = fakeKernel(fakeFamilies(links));
    using client = rtLink({ transport: kernel });
    const changes: unknown[] = [];
    const end = new Promise((resolve) => {
      client.watch('getlink').subscribe({
        next: ({ type }) => {
          changes.push(type);
          if (type === 'synced') kernel.disconnect();
        },
        error: resolve,
      });
    });
    expectDisconnect(await end);
    expect(changes).to.deep.equal(['synced']);
  });

  it('counts only while the socket is open', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    await firstValueFrom(socket.request({ type: 18, flags: MessageFlags.Request | MessageFlags.Ack }), { defaultValue: undefined });
    kernel.disconnect();
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(kernel.sockets).to.deep.equal([]);
  });
});
