import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { transform } from 'esbuild';
import { lastValueFrom } from 'rxjs';
import { network, type DocumentLink, type NetworkDocument } from '../../lib/network/index.js';
import { startServer } from '../kernel/network/documents/apply/router-traffic.js';
import { needsChildNode } from '../support/emulator.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../support/namespace.js';
import { programsIn } from './programs.js';

const root = resolve(import.meta.dirname, '../..');

/** Returns the `router` that the first program of a page makes before it calls `network()`. */
async function routerOf<T>(page: string): Promise<T> {
  const [program] = programsIn(root, join('docs/network', page));
  const text = program!.text.split('const net = network();')[0]!.replace(/^import .*$/gm, '');
  const { code } = await transform(`${text}\nexport { router };`, { loader: 'ts' });
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { readonly router: T };
  return module.router;
}

/** Prints what a server of TCP answers, or the error. */
const ASK = `
const fail = (error) => (console.log(error?.message ?? 'no answer'), process.exit());
const socket = require('node:net').connect(5001, process.argv[1], () => socket.write('hello'));
socket.on('error', fail).on('data', (data) => (console.log(String(data)), process.exit()));
setTimeout(fail, 5000);`;

const answer = (side: Namespace, address: string): string => side.run(process.execPath, '-e', ASK, address).trim();

/** Replaces a VLAN, which this kernel may lack, by a pair. */
const withoutVlan = (link: DocumentLink): DocumentLink => {
  if (!('kind' in link) || link.kind !== 'vlan') return link;
  const { parent: _parent, vlan: _vlan, ...rest } = link;
  return { ...rest, kind: 'veth', veth: { peer: { name: `${link.name}-host` } } } as DocumentLink;
};

describe('routers in the documentation', function () {
  this.timeout(60_000);
  const all: Namespace[] = [];

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    needsChildNode(this);
  });
  afterEach(() => {
    for (const namespace of all.splice(0)) namespace.delete();
  });

  async function apply(document: NetworkDocument): Promise<Namespace> {
    const router = createNamespace();
    all.push(router);
    const net = network({ netns: router.path });
    try {
      await lastValueFrom(net.apply(document));
    } finally {
      net.close();
    }
    return router;
  }

  /** Moves a link of the router into a namespace of its own. */
  function neighbour(router: Namespace, link: string, addresses: readonly string[], route: string): Namespace {
    const side = createNamespace();
    all.push(side);
    router.ip(`link set ${link} netns ${side.path}`);
    side.batch([`link set ${link} up`, ...addresses.map((address) => `addr add ${address} dev ${link}`), `route add ${route}`]);
    return side;
  }

  it('documents.md: a host behind the bridge gets the reply of the provider', async () => {
    const router = await apply(await routerOf<NetworkDocument>('documents.md'));
    router.batch(['link add port type veth peer name eth0', 'link set port up master lan']);
    const provider = neighbour(router, 'isp', ['192.0.2.1/24'], '10.1.0.0/24 via 192.0.2.2');
    const host = neighbour(router, 'eth0', ['10.1.0.2/24'], 'default via 10.1.0.1');
    await startServer(provider, '192.0.2.1', [5001]);
    expect(answer(host, '192.0.2.1')).to.equal('hello');
  });

  it('router.md: both networks get replies, each by its uplink', async () => {
    const make = await routerOf<(wishes: object) => NetworkDocument>('router.md');
    const document = make({ guestRate: '10mbit', ports: [22] });
    const router = await apply({ ...document, links: document.links!.map(withoutVlan) });
    const office = neighbour(router, 'office-host', ['10.10.0.2/24'], 'default via 10.10.0.1');
    const guest = neighbour(router, 'guests-host', ['10.20.0.2/24'], 'default via 10.20.0.1');
    // Neither provider knows a way to the networks behind the router, or the address of the other one.
    const fibre = neighbour(router, 'fibre0-isp', ['192.0.2.1/24', '203.0.113.1/32'], '203.0.113.128/25 via 192.0.2.2');
    const lte = neighbour(router, 'lte0-isp', ['198.51.100.1/24', '203.0.113.2/32'], '203.0.113.128/25 via 198.51.100.2');
    await startServer(fibre, '203.0.113.1', [5001]);
    await startServer(lte, '203.0.113.2', [5001]);
    expect(answer(office, '203.0.113.1')).to.equal('hello');
    expect(answer(guest, '203.0.113.2')).to.equal('hello');
  });
});
