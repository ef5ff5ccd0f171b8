import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import type { FirewallRule } from '../../../../../lib/network/firewall/index.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { needsChildNode } from '../../../../support/emulator.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { rounds } from '../../../../support/rounds.js';
import { one } from '../../support.js';
import { startClient, startIntruder, startServer } from './router-traffic.js';

/** The numbers of changes of the document. */
const CHANGES = rounds(5, 50);

const [CLIENT, SERVER] = ['10.1.0.2', '192.0.2.2'];
/** Every version forwards the first port, the even ones the second, the odd ones the third, none the last. */
const [ALWAYS, EVEN, ODD, NEVER] = [5003, 5001, 5002, 6000];

/** Returns a version of the router: other rules, another order of them, other elements, another chain for NAT, another queue. */
function routerOf(version: number, ports: readonly number[] = []): NetworkDocument {
  const forwarded = [ALWAYS, version % 2 === 0 ? EVEN : ODD, ...ports];
  const rules: FirewallRule[] = [
    { comment: 'known', when: [{ 'ct.state': ['established', 'related'] }], then: ['counter', 'accept'] },
    { comment: 'forwarded', when: [{ 'meta.iifname': 'lan' }, { 'tcp.dport': forwarded }], then: ['counter', 'accept'] },
    { comment: `rule ${version % 3}`, when: [{ 'ip.saddr': '@blocked' }], then: ['counter', 'drop'] },
  ];
  return {
    version: 1,
    links: [
      { name: 'lan', up: true, addresses: ['10.1.0.1/24', `10.1.${1 + (version % 4)}.1/24`], ipv4: { forwarding: true } },
      {
        name: 'wan',
        up: true,
        addresses: ['192.0.2.1/24'],
        ipv4: { forwarding: true },
        qdisc: { handle: '1:', kind: 'pfifo', pfifo: { limit: 500 + version } },
      },
    ],
    routes: [{ to: `10.${100 + (version % 3)}.0.0/16`, via: SERVER, metric: 7 }],
    owns: { protocol: 99 },
    firewall: {
      tables: [
        {
          family: 'inet',
          name: 'router',
          sets: [{ name: 'blocked', type: 'ipv4_addr', elements: [`203.0.113.${1 + version}`, '203.0.113.200'] }],
          chains: [
            {
              name: 'forward',
              type: 'filter',
              hook: 'forward',
              priority: 'filter',
              policy: 'drop',
              rules: version % 4 < 2 ? rules : [...rules].reverse(),
            },
          ],
        },
        {
          family: 'ip',
          name: 'translation',
          chains: [
            {
              name: 'out',
              type: 'nat',
              hook: 'postrouting',
              // The kernel changes no priority: the chain is made again.
              priority: version % 5 === 4 ? 101 : 100,
              rules: [
                {
                  comment: 'masquerade',
                  when: [{ 'meta.oifname': 'wan' }, { 'ip.saddr': '10.1.0.0/24' }],
                  then: ['counter', 'masquerade'],
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

describe('a router with NAT, whose document changes under traffic', function () {
  this.timeout(120_000);
  usePrograms('nft');
  const sides: Namespace[] = [];
  let net: Network | undefined;

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    needsChildNode(this);
  });
  afterEach(() => {
    net?.close();
    for (const namespace of sides.splice(0)) namespace.delete();
  });

  /** Counts packets that arrive at a side. */
  const count = (namespace: Namespace, match: string): void =>
    void namespace.run('nft', `table inet watch { chain in { type filter hook prerouting priority raw; ${match} counter; }; }`);
  const counted = (namespace: Namespace): number =>
    Number(/counter packets (\d+)/.exec(namespace.run('nft', 'list', 'table', 'inet', 'watch'))![1]);

  it(`breaks no connection, and forwards nothing that no version forwards (${CHANGES} changes)`, async () => {
    const [client, router, server] = [createNamespace(), createNamespace(), createNamespace()];
    sides.push(client, router, server);
    router.batch([
      `link add lan type veth peer name eth0 netns ${client.path}`,
      `link add wan type veth peer name eth0 netns ${server.path}`,
    ]);
    client.batch([`addr add ${CLIENT}/24 dev eth0`, 'link set eth0 up', 'route add default via 10.1.0.1']);
    // The server knows a way to the client, which a reply without translation would take.
    server.batch([`addr add ${SERVER}/24 dev eth0`, 'link set eth0 up', 'route add 10.1.0.0/24 via 192.0.2.1']);
    count(client, `udp dport ${NEVER}`);
    count(server, `meta l4proto { tcp, udp } th dport ${NEVER}`);
    server.run('nft', 'table inet sources { chain in { type filter hook prerouting priority raw; ip saddr 10.1.0.0/24 counter; }; }');
    net = network({ netns: router.path });
    await one(net.apply(routerOf(0)));

    await startServer(server, SERVER, [ALWAYS]);
    await startIntruder(server, CLIENT, NEVER);
    const end = await startClient(client, SERVER, ALWAYS, [NEVER]);
    let writes = 0;
    for (let version = 1; version <= CHANGES; version++) {
      await delay(20);
      writes += (await one(net.apply(routerOf(version)))).written;
    }
    const { exchanges, connections, broken } = await end();
    expect(broken).to.deep.equal([]);
    expect({ client: counted(client), server: counted(server) }).to.deep.equal({ client: 0, server: 0 });
    expect(server.run('nft', 'list', 'table', 'inet', 'sources')).to.contain('counter packets 0 ');
    expect(exchanges).to.be.greaterThan(CHANGES * 2);
    expect(connections).to.be.greaterThan(CHANGES);
    process.stderr.write(`      ${writes} writes, ${exchanges} exchanges, ${connections} new connections\n`);

    // The counters see what a version forwards.
    await one(net.apply(routerOf(0, [NEVER])));
    const endLater = await startClient(client, SERVER, ALWAYS, [NEVER]);
    await delay(100);
    await endLater();
    expect(counted(server)).to.be.greaterThan(0);
  });
});
