import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { ethtool, ethtoolSchema } from '../../lib/families/ethtool.js';
import { nftables, nftablesSchema } from '../../lib/families/nftables.js';
import { rtLink, rtLinkSchema } from '../../lib/families/rt-link.js';
import { DumpInterruptedError, MessageFlags, Unknown } from '../../lib/index.js';
import { fakeFamilies, fakeFamily, fakeKernel, multipart, type FakeKernel } from '../../lib/testing/index.js';
import { AttributeEncoder, type MessageInit } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';

const NEW_LINK = 16;

/** `struct ifinfomsg` of an index, IFLA_IFNAME 3, IFLA_MTU 4 and an unknown attribute. */
function link(index: number, name: string, flags = 0): MessageInit {
  const attributes = new AttributeEncoder().string(3, name).uint32(4, 1500).uint8(0x3ff0, 1).encode();
  return {
    type: NEW_LINK,
    flags,
    payload: Uint8Array.of(0, 0, 0, 0, ...host(index, 0, 0, 0), ...new Array<number>(8).fill(0), ...attributes),
  };
}

const links = (): FakeKernel =>
  fakeKernel((request) => (request.flags & MessageFlags.Dump ? multipart([link(1, 'lo'), link(2, 'v0')]) : link(1, 'lo')));

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('pick', () => {
  it('emits rows with the picked properties only, without unknown attributes', async () => {
    using client = rtLink({ transport: links() });
    const rows = await lastValueFrom(client.dump('getlink', {}, { pick: ['ifname', 'ifiIndex'] }).pipe(toArray()));
    expect(rows).to.deep.equal([
      { ifiIndex: 1, ifname: 'lo' },
      { ifiIndex: 2, ifname: 'v0' },
    ]);
    expect(rows.flatMap(Reflect.ownKeys)).not.to.include(Unknown);
    expect(client.socket.counters.unknown).to.equal(0);
    expect(await lastValueFrom(client.list('getlink', {}, { pick: ['mtu'] }))).to.deep.equal([{ mtu: 1500 }, { mtu: 1500 }]);
    expect(await lastValueFrom(client.do('getlink', { ifiIndex: 1 }, { pick: ['ifname'] }))).to.deep.equal({ ifname: 'lo' });
    expect(await lastValueFrom(client.list('getlink', {}, { pick: [] }))).to.deep.equal([{}, {}]);
  });

  it('applies to a repeated dump, and to the rows in the error', async () => {
    let count = 0;
    const kernel = fakeKernel(() => multipart([link(++count, `v${String(count)}`, MessageFlags.DumpInterrupted)]));
    using client = rtLink({ transport: kernel });
    const error = await lastValueFrom(client.list('getlink', {}, { pick: ['ifname'], retries: 1 })).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DumpInterruptedError);
    expect((error as DumpInterruptedError).partial).to.deep.equal([{ ifname: 'v2' }]);
  });

  it('throws at once for names that no row has', () => {
    using client = rtLink({ transport: links() });
    const pick = ['mtuu' as 'mtu'];
    for (const wrong of [
      () => client.dump('getlink', {}, { pick }),
      () => client.list('getlink', {}, { pick }),
      () => client.do('getlink', {}, { pick }),
      () => client.notifications('rtnlgrp-link', { pick }),
    ])
      expect(wrong).to.throw(TypeError, /property 'mtuu'.*did you mean mtu\?$/);
  });

  it('joins the parts of one object also if its key is not picked', async () => {
    const family = fakeFamily(nftablesSchema, {
      dump: {
        getsetelem: () => [
          { table: 't', set: 'one', elements: { elem: [{ key: { value: Uint8Array.of(1) } }] } },
          { table: 't', set: 'one', elements: { elem: [{ key: { value: Uint8Array.of(2) } }] } },
          { table: 't', set: 'two', elements: { elem: [{ key: { value: Uint8Array.of(3) } }] } },
        ],
      },
    });
    using client = nftables({ transport: fakeKernel(fakeFamilies(family)) });
    const whole = await lastValueFrom(client.list('getsetelem', { table: 't' }));
    expect(whole.map(({ elements }) => elements?.elem?.length)).to.deep.equal([2, 1]);
    const rows = await lastValueFrom(client.list('getsetelem', { table: 't' }, { pick: ['elements'] }));
    expect(rows).to.deep.equal(whole.map(({ elements }) => ({ elements })));
    const some = await lastValueFrom(client.list('getsetelem', { table: 't' }, { pick: ['set', 'resId'] }));
    expect(some).to.deep.equal(whole.map(({ set, resId }) => ({ resId, set })));
  });

  it('applies to notifications', async () => {
    const kernel = fakeKernel();
    using client = rtLink({ transport: kernel });
    const received: object[] = [];
    const listening = client.notifications('rtnlgrp-link', { pick: ['ifname'] }).subscribe((notification) => received.push(notification));
    kernel.notify(1, link(7, 'v7'));
    await turn();
    listening.unsubscribe();
    expect(received).to.deep.equal([{ op: 'newlink-ntf', value: { ifname: 'v7' }, group: 1 }]);
  });

  it('decodes the picked properties that each kind of notification has', async () => {
    const family = fakeFamily(ethtoolSchema, {});
    const kernel = fakeKernel(fakeFamilies(family));
    using client = ethtool({ transport: kernel });
    const received: object[] = [];
    const listening = client
      .notifications('monitor', { pick: ['rx', 'phyaddr'] })
      .subscribe(({ op, value }) => received.push({ op, ...value }));
    const group = family.groups.get('monitor')!;
    for (let left = 500; left > 0 && !kernel.sockets.some((socket) => socket.memberships().includes(group)); left--) await turn();
    family.notify(kernel, 'rings-ntf', { header: { devIndex: 1 }, rx: 512, tx: 256 });
    family.notify(kernel, 'linkinfo-ntf', { header: { devIndex: 1 }, phyaddr: 3, port: 1 });
    await turn();
    listening.unsubscribe();
    expect(received).to.deep.equal([
      { op: 'rings-ntf', rx: 512 },
      { op: 'linkinfo-ntf', phyaddr: 3 },
    ]);
    expect(() => client.notifications('monitor', { pick: ['ifname' as 'rx'] })).to.throw(TypeError, 'ethtool: pick: unknown property');
  });

  it('does not share codecs with complete decoding', async () => {
    using client = rtLink({ transport: links() });
    await lastValueFrom(client.list('getlink', {}, { pick: ['mtu'] }));
    const [row] = await lastValueFrom(client.list('getlink'));
    expect(row).to.include({ ifname: 'lo', mtu: 1500, ifiIndex: 1 });
    expect(row![Unknown]).to.have.length(1);
    expect(rtLinkSchema.source).to.equal('rt-link');
  });
});
