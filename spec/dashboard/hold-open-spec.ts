import { expect } from 'chai';
import { concatMap, from, lastValueFrom, range, timer, type Observable } from 'rxjs';
import { spy, stub } from 'sinon';
import { holdOpen } from '../../lib/cli/dashboard/hold-open.js';
import { rtAddr } from '../../lib/families/rt-addr.js';
import { NetlinkError } from '../../lib/index.js';
import { fakeKernel } from '../../lib/testing/index.js';

describe('holdOpen', () => {
  const request = { ifaFamily: 2, ifaPrefixlen: 32, ifaIndex: 1, local: '10.0.0.1' } as const;

  /** A socket closes one turn of the event loop after its last request. */
  const closed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  /** Sends three requests, each after the socket of the one before has closed. */
  const threeRequests = (client: ReturnType<typeof rtAddr>): Observable<unknown> =>
    range(1, 3).pipe(concatMap(() => from(closed()).pipe(concatMap(() => client.do('deladdr', request)))));

  it('opens a socket once for all requests of a stream, and closes it at its end', async () => {
    const kernel = fakeKernel();
    const opened = spy(kernel, 'open');
    using client = rtAddr({ transport: kernel });
    await lastValueFrom(threeRequests(client));
    expect(opened.callCount).to.equal(3);
    await closed();
    await lastValueFrom(holdOpen(client.socket, threeRequests(client)));
    expect(opened.callCount).to.equal(4);
    await closed();
    await lastValueFrom(client.do('deladdr', request));
    expect(opened.callCount).to.equal(5);
  });

  it('leaves the error of a socket that cannot be opened to the requests', async () => {
    const kernel = fakeKernel();
    stub(kernel, 'open').throws(new NetlinkError('EPERM open: no', { errno: -1, operation: 'open' }));
    using client = rtAddr({ transport: kernel });
    let hasBegun = false;
    const stream = timer(0).pipe(
      concatMap(() => {
        hasBegun = true;
        return client.do('deladdr', request);
      }),
    );
    const error: unknown = await lastValueFrom(holdOpen(client.socket, stream)).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NetlinkError).with.property('message', 'EPERM open: no');
    expect(hasBegun).to.equal(true);
  });
});
