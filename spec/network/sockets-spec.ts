import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { sockDiagSchema } from '../../lib/families/sock_diag.js';
import { network } from '../../lib/network/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';

/** The row of a listener. A kernel numbers cookies from 1. */
const listener = (cookie: number, state: string): object => ({
  ...{ family: 2, state, id: { sport: 80, cookie: [cookie, 0] }, uid: 0, inode: 7 },
});

describe('a socket that the kernel lists twice', () => {
  const listed = [listener(1, 'syn-recv'), listener(2, 'listen'), listener(1, 'established')];
  const kernel = fakeKernel(
    fakeFamilies(fakeFamily(sockDiagSchema, { dump: { inet: ({ family }) => (family === 2 ? listed : []) as never } })),
  );

  it('is emitted once, as it was last', async () => {
    using net = network({ transport: kernel });
    const sockets = await firstValueFrom(net.sockets.list({ protocol: 'tcp', family: 4 }));
    expect(sockets.map(({ cookie, state }) => [cookie, state])).to.deep.equal([
      [1n, 'established'],
      [2n, 'listen'],
    ]);
  });

  it('is not ambiguous', async () => {
    using net = network({ transport: kernel });
    const socket = await firstValueFrom(net.sockets.get({ protocol: 'tcp', cookie: 1n }));
    expect(socket.state).to.equal('established');
  });
});
