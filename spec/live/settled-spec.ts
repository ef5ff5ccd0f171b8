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
 * What the kernel does: it tells that a link is down, and takes its routes away then, holding a lock that a question for one
 * link waits for, and a dump of routes does not.
 */
describe('A live collection of routes', () => {
  it('asks for a link, which the kernel answers when it is done, before it reads again', async () => {
    let routes: readonly object[] = [LOCAL, DOOMED];
    let asked = 0;
    const link = fakeFamily(rtLinkSchema, {
      do: {
        getlink: () => {
          asked++;
          // Whoever asks has to wait until here.
          routes = told ? [LOCAL] : routes;
          return LINK;
        },
      },
    });
    let told = false;
    const kernel = fakeKernel(fakeFamilies(link, fakeFamily(rtRouteSchema, { dump: { getroute: () => routes as (typeof DOOMED)[] } })));
    using client = rtRoute({ transport: kernel });
    const synced = client.watch('getroute').pipe(
      map((change) => {
        if (change.type !== 'synced') return [];
        if (!told) {
          told = true;
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
    expect(asked).to.equal(2);
  });
});
