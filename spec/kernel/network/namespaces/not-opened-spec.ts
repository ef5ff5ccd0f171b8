import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { NetlinkError, SocketClosedError } from '../../../../lib/errors/index.js';
import { network, networkInterfaces, type Network } from '../../../../lib/network/index.js';
import { failure } from '../support.js';

const MISSING = `rxnetlink-missing-${process.pid}`;

const VERBS: Readonly<Record<string, (net: Network) => Observable<unknown>>> = {
  'links.list': ({ links }) => links.list(),
  'links.get': ({ links }) => links.get('lo'),
  'links.add': ({ links }) => links.add({ name: 'w0', kind: 'ifb' }),
  'links.ensure': ({ links }) => links.ensure({ name: 'w0', kind: 'ifb' }),
  'links.rename': ({ links }) => links.rename('lo', 'w0'),
  'links.until': ({ links }) => links.until('lo', { up: true }),
  'links.watch': ({ links }) => links.watch(),
  'links.watch with addresses': ({ links }) => links.watch({ with: 'addresses' }),
  'routes.lookup': ({ routes }) => routes.lookup('192.0.2.1'),
  'wireguard.list': ({ wireguard }) => wireguard.list({ link: 'w0' }),
  'sockets.list': ({ sockets }) => sockets.list({ protocol: 'tcp' }),
  'sockets.closed': ({ sockets }) => sockets.closed(),
  shape: (net) => net.shape('lo', { out: '1mbit' }),
  view: (net) => net.view({ links: true, routes: true }),
};

describe('network() of a namespace that cannot be opened', () => {
  for (const [name, verb] of Object.entries(VERBS))
    it(`fails with the reason missing: ${name}`, async () => {
      const net = network({ netns: MISSING });
      const error = await failure(verb(net), 'missing');
      net.close();
      expect(error.message).to.include(`network namespace /run/netns/${MISSING}: no namespace has that name`).and.not.include('open:');
      expect(error).to.include({ code: 'ENOENT', errno: -2 });
      expect(error.cause).to.be.instanceOf(NetlinkError).with.property('operation', 'open');
    });

  it('fails with the reason missing: networkInterfaces', async () => {
    await failure(networkInterfaces({ netns: MISSING }), 'missing');
  });

  it('fails with the reason invalid when the file is not a network namespace', async () => {
    const netns = `/proc/${process.pid}/ns/uts`;
    const descriptor = openSync(netns, 'r');
    for (const wrong of [netns, { fd: descriptor }]) {
      const net = network({ netns: wrong });
      await failure(net.links.list(), 'invalid');
      await failure(net.links.watch(), 'invalid');
      net.close();
    }
    closeSync(descriptor);
  });

  it('fails with the error of the socket when it is closed', async () => {
    const net = network();
    await lastValueFrom(net.links.list());
    net.close();
    const error: unknown = await lastValueFrom(net.links.list()).catch((failed: unknown) => failed);
    expect(error).to.be.instanceOf(SocketClosedError);
  });
});
