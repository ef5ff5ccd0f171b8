import { expect } from 'chai';
import { lastValueFrom, map, takeWhile, toArray } from 'rxjs';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { rtRoute, rtRouteSchema } from '../../lib/families/rt-route.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';

const LINK = { ifiIndex: 7, ifname: 'eth7', ifiFlags: 0x1002 };
const ROUTE = { rtmFamily: 2, rtmDstLen: 32, rtmTable: 254, rtmProtocol: 4, rtmScope: 0, rtmType: 'unicast' } as const;
const LOCAL = { ...ROUTE, rtmTable: 255, rtmType: 'local', dst: '10.1.0.1', oif: 7 } as const;
const DOOMED = { ...ROUTE, dst: '10.9.0.9', gateway: '10.1.0.9', oif: 7 } as const;

/**
 * The fake kernel behaves like Linux: it reports that a link is down before it flushes the routes of the link. It holds
 * rtnetlink's lock meanwhile; a request for one link waits for the lock, and a dump of routes does not.
 */
describe('a live collection of routes', () => {
  it('requests a link, which waits for the end of the change, before it reads the routes again', async () => {
    let routes: readonly object[] = [LOCAL, DOOMED];
    let requests = 0;
    const link = fakeFamily(rtLinkSchema, {
      do: {
        getlink: () => {
          requests++;
          // The reply to this request implies that the flush is done.
          routes = notified ? [LOCAL] : routes;
          return LINK;
        },
      },
    });
    let notified = false;
    const kernel = fakeKernel(fakeFamilies(link, fakeFamily(rtRouteSchema, { dump: { getroute: () => routes as (typeof DOOMED)[] } })));
    using client = rtRoute({ transport: kernel });
    const synced = client.watch('getroute').pipe(
      map((change) => {
        if (change.type !== 'synced') return [];
        if (!notified) {
          notified = true;
          expect(link.notify(kernel, 'newlink-ntf', LINK), 'listeners').to.equal(1);
        }
        return [{ reason: change.reason, held: change.entries.map(({ dst }) => dst) }];
      }),
      takeWhile((all) => !all.some(({ reason }) => reason === 'silent'), true),
      toArray(),
    );
    expect((await lastValueFrom(synced)).flat()).to.deep.equal([
      { reason: 'initial', held: [LOCAL.dst, DOOMED.dst] },
      { reason: 'silent', held: [LOCAL.dst] },
    ]);
    expect(requests).to.equal(2);
  });
});
