import { expect } from 'chai';
import { filter, firstValueFrom, lastValueFrom, map, take, timer, toArray } from 'rxjs';
import { FamilyNotFoundError, KernelError } from '../../lib/errors/index.js';
import { nftables, nftablesSchema } from '../../lib/families/nftables.js';
import { nl80211, nl80211Schema } from '../../lib/families/nl80211.js';
import { nlctrl } from '../../lib/families/nlctrl.js';
import { rtLink, rtLinkSchema } from '../../lib/families/rt-link.js';
import { rtRoute, rtRouteSchema } from '../../lib/families/rt-route.js';
import { netlink } from '../../lib/socket/index.js';
import {
  done,
  errorReply,
  fakeFamilies,
  fakeFamily,
  fakeKernel,
  netlinkTestScheduler,
  type UnexpectedRequestError,
} from '../../lib/testing/index.js';
import { linkHeader } from '../support/rtnetlink.js';

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
const lo = { ifiIndex: 1, ifname: 'lo', mtu: 65_536, address: '00:00:00:00:00:00' };
const eth0 = { ifiIndex: 2, ifname: 'eth0', mtu: 1500, linkinfo: { kind: 'veth' as const } };

const assertEqual = (actual: unknown, expected: unknown): void => {
  expect(actual).to.deep.equal(expected);
};

describe('fakeFamily', () => {
  it('replies to typed requests with typed values, through the whole library', async () => {
    const family = fakeFamily(rtLinkSchema, {
      dump: { getlink: () => [lo, eth0] },
      do: { getlink: ({ ifname }) => (ifname === 'eth0' ? eth0 : errorReply('ENODEV', { message: 'no such link' })) },
    });
    const link = rtLink({ transport: fakeKernel(fakeFamilies(family)) });
    const rows = await lastValueFrom(link.list('getlink'));
    expect(rows.map(({ ifiIndex, ifname, mtu, address }) => ({ ifiIndex, ifname, mtu, address }))).to.deep.equal([
      lo,
      { ifiIndex: 2, ifname: 'eth0', mtu: 1500, address: undefined },
    ]);
    expect(await lastValueFrom(link.do('getlink', { ifname: 'eth0' }))).to.deep.include({ ifname: 'eth0', mtu: 1500 });
    const error = await failure(lastValueFrom(link.do('getlink', { ifname: 'eth9' })));
    expect(error).to.be.instanceOf(KernelError).with.deep.property('extendedAck', { message: 'no such link' });
    expect(error).to.have.property('code', 'ENODEV');
  });

  it('acknowledges a request whose handler returns undefined, and lists the requests', async () => {
    const family = fakeFamily(rtLinkSchema, { do: { newlink: () => undefined }, dump: { getlink: () => undefined } });
    const kernel = fakeKernel(fakeFamilies(family));
    const link = rtLink({ transport: kernel });
    expect(await lastValueFrom(link.do('newlink', { ifname: 'v0', mtu: 1400 }, { create: true }))).to.equal(undefined);
    expect(await lastValueFrom(link.list('getlink'))).to.deep.equal([]);
    const [created, dumped] = family.requests(kernel);
    expect(created).to.deep.include({ op: 'newlink', mode: 'do' });
    expect(created!.value).to.deep.include({ ifname: 'v0', mtu: 1400 });
    expect(dumped).to.deep.include({ op: 'getlink', mode: 'dump' });
  });

  it('acknowledges the begin and the end of a transaction without a handler', async () => {
    const family = fakeFamily(nftablesSchema, { do: { newtable: ({ name }) => (name === 'b' ? errorReply('EEXIST') : undefined) } });
    const kernel = fakeKernel(fakeFamilies(family));
    const client = nftables({ transport: kernel });
    const operation = (name: string) => ({ op: 'newtable', request: { name } }) as const;
    await lastValueFrom(client.transaction([operation('a')]), { defaultValue: undefined });
    expect(family.requests(kernel).map(({ op }) => op)).to.deep.equal(['batch-begin', 'newtable', 'batch-end']);
    expect(await failure(lastValueFrom(client.do('newtable', { name: 'b' })))).to.include({ code: 'EEXIST', operation: 'newtable' });

    const late = fakeFamily(nftablesSchema, { do: { 'batch-begin': () => errorReply('ERESTART'), newtable: () => undefined } });
    const other = nftables({ transport: fakeKernel(fakeFamilies(late)) });
    expect(await failure(lastValueFrom(other.do('newtable', { name: 'a' })))).to.include({ code: 'ERESTART' });
  });

  it('replies to the request that watch sends on its own for a dumped table', () => {
    netlinkTestScheduler(assertEqual).run(({ fakeKernel: kernelOf, expectObservable }) => {
      // The example of docs/testing.md, in the scheduler that the page recommends.
      const family = fakeFamily(rtLinkSchema, { dump: { getlink: () => [{ ifiIndex: 1, ifname: 'eth0' }] } });
      const kernel = kernelOf(fakeFamilies(family));
      const changes = rtLink({ transport: kernel })
        .watch('getlink')
        .pipe(
          take(2),
          map((change) => {
            if (change.type === 'synced') family.notify(kernel, 'newlink-ntf', { ifiIndex: 2, ifname: 'eth1' });
            return change.type;
          }),
        );
      expectObservable(changes).toBe('(ab|)', { a: 'synced', b: 'added' });
    });
  });

  it('replies to the request that watch sends on its own after a removal, also for a family without links', () => {
    netlinkTestScheduler(assertEqual).run(({ fakeKernel: kernelOf, expectObservable, cold }) => {
      let rows = [{ rtmFamily: 2, rtmDstLen: 32, rtmTable: 254, dst: '10.0.0.1', oif: 2 }];
      const family = fakeFamily(rtRouteSchema, { dump: { getroute: () => rows } });
      const kernel = kernelOf(fakeFamilies(family));
      // RTM_DELLINK to RTNLGRP_LINK: the kernel removes the routes of the link without events.
      cold('5ms a').subscribe(() => {
        rows = [];
        kernel.notify(1, { type: 17, payload: linkHeader(2) });
      });
      const changes = rtRoute({ transport: kernel })
        .watch('getroute')
        .pipe(
          map(({ type }) => type),
          take(2),
        );
      expectObservable(
        changes.pipe(
          toArray(),
          map((types) => types.join()),
        ),
      ).toBe('15ms (a|)', { a: 'synced,removed' });
      const asked = kernel.received.pipe(
        filter(({ type, flags }) => type === 18 && flags === 5),
        map(() => 'getlink'),
        take(1),
      );
      expectObservable(asked).toBe('(a|)', { a: 'getlink' });
    });
  });

  it('fails for a request without a handler when a table is dumped', () => {
    const family = fakeFamily(rtLinkSchema, { dump: { getlink: () => [] } });
    const kernel = fakeKernel(fakeFamilies(family));
    rtLink({ transport: kernel })
      .do('getlink', { ifname: 'eth0' })
      .subscribe({ error: () => undefined });
    expect(() => kernel.verify()).to.throw('no handler for getlink');
  });

  it('fails a dump after some rows, and replies when an Observable emits', () => {
    netlinkTestScheduler(assertEqual).run(({ fakeKernel: kernelOf, expectObservable }) => {
      const family = fakeFamily(rtLinkSchema, {
        do: { getlink: () => timer(3).pipe(map(() => eth0)) },
        dump: { getlink: () => [lo, done('ENODEV')] },
      });
      const link = rtLink({ transport: kernelOf(fakeFamilies(family)) });
      expectObservable(link.do('getlink', { ifiIndex: 2 }).pipe(map(({ ifname }) => ifname))).toBe('---(a|)', { a: 'eth0' });
      const dump = link.dump('getlink').pipe(map(({ ifname }) => ifname));
      expectObservable(dump).toBe('(a#)', { a: 'lo' }, new KernelError({ errno: -19, operation: 'getlink' }));
    });
  });

  it('sends notifications to the groups that the schema names', async () => {
    const family = fakeFamily(rtLinkSchema, {});
    const kernel = fakeKernel(fakeFamilies(family));
    const link = rtLink({ transport: kernel });
    const received = firstValueFrom(link.notifications('rtnlgrp-link'));
    expect(family.notify(kernel, 'newlink-ntf', eth0)).to.equal(1);
    const { op, value, group } = await received;
    expect({ op, group, ifname: value.ifname }).to.deep.equal({ op: 'newlink-ntf', group: 1, ifname: 'eth0' });
  });

  it('provides generic families and the controller that lists them', async () => {
    const family = fakeFamily(nl80211Schema, { do: { 'get-interface': ({ ifindex }) => ({ ifindex: ifindex!, ifname: 'wlan0' }) } });
    const kernel = fakeKernel(fakeFamilies(family));
    const wifi = nl80211({ transport: kernel });
    expect(await lastValueFrom(wifi.do('get-interface', { ifindex: 4 }))).to.deep.equal({ ifindex: 4, ifname: 'wlan0' });

    const named = await lastValueFrom(nlctrl({ transport: kernel }).list('getfamily'));
    expect(named.map(({ familyName }) => familyName)).to.deep.equal(['nlctrl', 'nl80211']);
    expect(named[1]!.mcastGroups!.map(({ name }) => name)).to.include.members(['scan', 'mlme']);

    const scans = firstValueFrom(wifi.notifications('scan'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(family.notify(kernel, 'trigger-scan-ntf', { wiphy: 3 }, 'scan')).to.equal(1);
    const { op, value, group } = await scans;
    expect({ op, wiphy: value.wiphy, group }).to.deep.equal({ op: 'trigger-scan-ntf', wiphy: 3, group: family.groups.get('scan') });
  });

  it('lists only the families that were passed to it', async () => {
    const wifi = nl80211({ transport: fakeKernel(fakeFamilies()) });
    expect(await failure(lastValueFrom(wifi.do('get-interface', {})))).to.be.instanceOf(FamilyNotFoundError);
  });

  it('fails the test for a request without a handler, and prints the request', async () => {
    const kernel = fakeKernel(fakeFamilies(fakeFamily(rtLinkSchema, { dump: { getlink: () => [] } })));
    await failure(lastValueFrom(rtLink({ transport: kernel }).do('dellink', { ifname: 'eth0' })));
    let thrown: unknown;
    try {
      kernel.verify();
    } catch (error) {
      thrown = error;
    }
    const { message } = thrown as UnexpectedRequestError;
    expect(message).to.match(
      /^request 1: no handler for dellink of rt-link\n {2}- dump getlink\n {2}\+ do dellink\n {2}\+ .*ifname: 'eth0'/,
    );
  });

  it('fails the test for a request of no family', async () => {
    const kernel = fakeKernel(fakeFamilies(fakeFamily(rtLinkSchema, {})));
    const error = await failure(lastValueFrom(netlink({ protocol: 0, transport: kernel }).request({ type: 26 }).pipe(toArray())));
    expect(error)
      .to.have.property('message')
      .that.matches(/belongs to no family[^]*type 26/);
  });

  it('throws for an operation that a family does not have', () => {
    const family = fakeFamily(rtLinkSchema, {});
    // @ts-expect-error the compiler checks the names as well
    expect(() => family.reply('getlinks', lo)).to.throw(TypeError, /rt-link has no operation 'getlinks'.*getlink/);
  });
});
