import { expect } from 'chai';
import { firstValueFrom, timeout, type Observable } from 'rxjs';
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

describe('a filter that no socket can match', () => {
  const failure = async (source: Observable<unknown>): Promise<string> => {
    try {
      return `emitted ${JSON.stringify(await firstValueFrom(source.pipe(timeout(50))))}`;
    } catch (error) {
      return String(error);
    }
  };
  const kernel = fakeKernel(fakeFamilies(fakeFamily(sockDiagSchema, { dump: { inet: () => [] } })));

  it('is rejected by closed() for a state that closed sockets do not have', async () => {
    using net = network({ transport: kernel });
    expect(await failure(net.sockets.closed({ protocol: 'tcp', state: 'established' }))).to.equal(
      "NetworkError: cannot watch closed sockets: state: closed sockets have the state 'close', never 'established'; omit state",
    );
    expect(await failure(net.sockets.closed({ state: ['listen', 'time-wait'] }))).to.include(
      "closed sockets have the state 'close', of UDP sockets with a peer 'established', never 'listen', 'time-wait'; omit state",
    );
  });

  it('is accepted by closed() for states that closed sockets have', async () => {
    using net = network({ transport: kernel });
    for (const filter of [
      { state: 'established' },
      { protocol: 'tcp', state: ['established', 'close'] },
      { protocol: 'tcp', state: 7 },
    ] as const)
      expect(await failure(net.sockets.closed(filter))).to.include('Timeout');
  });

  it('is rejected by list() for IPv4 sockets with an IPv6 address', async () => {
    using net = network({ transport: kernel });
    expect(await failure(net.sockets.list({ local: 'fd00::/8', family: 4 }))).to.equal(
      'NetworkError: cannot list sockets: local: IPv4 sockets (family: 4) have no address in fd00::/8; omit family, or write an IPv4 address',
    );
    expect(await failure(net.sockets.list({ remote: { address: '::1', port: 80 }, family: 4 }))).to.include('remote: IPv4 sockets');
    expect(await failure(net.sockets.list({ protocol: 'tcp', local: '10.0.0.0/8', family: 6 }))).to.equal('emitted []');
  });
});
