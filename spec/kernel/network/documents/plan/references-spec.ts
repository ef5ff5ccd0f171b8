import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { isNetworkError } from '../../../../../lib/network/index.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../../../support/namespace.js';
import { countWrites } from '../../support.js';

const PAIR = { name: 'w0', kind: 'veth', veth: { peer: { name: 'w1' } } };
const redirect = { kind: 'mirred', mode: 'redirect', direction: 'egress' };

/** Documents that the kernel would refuse while they are written: the path, the reason and a part of the text. */
const CASES: readonly (readonly [title: string, document: object, path: string, reason: string, text: string])[] = [
  [
    'a master that neither exists nor is listed',
    { links: [{ name: 'v0', master: 'br7' }] },
    'links[0].master',
    'unknown-name',
    "no link is named 'br7', and the document creates none",
  ],
  [
    'a master of a kind without ports',
    { links: [{ name: 'v0', master: 'v2' }] },
    'links[0].master',
    'unsupported',
    'v0 cannot be a port of v2: it takes no ports; a bridge, bond, team or vrf does',
  ],
  [
    'a new master of a kind without ports',
    { links: [{ name: 'v0', master: 'w0' }, PAIR] },
    'links[0].master',
    'unsupported',
    'it takes no ports',
  ],
  ['the loopback link as master', { links: [{ name: 'v0', master: 'lo' }] }, 'links[0].master', 'unsupported', 'it takes no ports'],
  [
    'the loopback link as port',
    { links: [{ name: 'lo', master: 'br0' }] },
    'links[0].master',
    'unsupported',
    'the loopback link has no master',
  ],
  [
    'a bridge in a bridge',
    {
      links: [
        { name: 'br0', master: 'br1' },
        { name: 'br1', kind: 'bridge' },
      ],
    },
    'links[0].master',
    'unsupported',
    "br0 cannot be a port of br1: both have kind 'bridge'; use a veth",
  ],
  [
    'a bridge in itself by an alternative name',
    { links: [{ name: 'br0', kind: 'bridge', master: 'altbr' }] },
    'links[0].master',
    'unsupported',
    "both have kind 'bridge'",
  ],
  [
    'a port that stands on its master',
    { links: [{ name: 'm0', kind: 'macvlan', parent: 'br0', master: 'br0' }] },
    'links[0].master',
    'unsupported',
    'm0 cannot be a port of br0: it stands on br0',
  ],
  [
    'a port that stands on a link on its master',
    {
      links: [
        { name: 'm1', kind: 'macvlan', parent: 'm0', master: 'br0' },
        { name: 'm0', kind: 'macvlan', parent: 'br0' },
      ],
    },
    'links[0].master',
    'unsupported',
    'm1 cannot be a port of br0: it stands on br0',
  ],
  [
    'settings of a port without a master',
    { links: [{ name: 'v2', bridgePort: { cost: 7 } }] },
    'links[0].bridgePort',
    'invalid',
    "the link has no master of kind 'bridge'; set master to one",
  ],
  [
    'settings of a port of another master',
    { links: [{ name: 'v0', master: 'br0', bondPort: { queue: 1 } }] },
    'links[0].bondPort',
    'invalid',
    "the link has no master of kind 'bond'; set master to one",
  ],
  [
    'settings of a port that leaves its master',
    { links: [{ name: 'p0', master: null, bridgePort: { cost: 7 } }] },
    'links[0].bridgePort',
    'invalid',
    "the link has no master of kind 'bridge'",
  ],
  [
    'an option that names a missing link',
    { links: [{ name: 'p0', bridgePort: { backupPort: 'v7' } }] },
    'links[0].bridgePort.backupPort',
    'unknown-name',
    "no link is named 'v7', and the document creates none",
  ],
  [
    'a hop over a missing link',
    { routes: [{ to: '10.9.0.0/16', hops: [{ via: '10.1.0.9' }, { link: 'v7' }] }] },
    'routes[0].hops[1].link',
    'unknown-name',
    "no link is named 'v7', and the document creates none",
  ],
  [
    'a redirection to a missing link',
    { links: [{ name: 'v0', clsact: { ingress: [{ kind: 'u32', priority: 1, actions: [{ ...redirect, link: 'v7' }] }] } }] },
    'links[0].clsact.ingress[0].actions[0].link',
    'unknown-name',
    "no link is named 'v7', and the document creates none",
  ],
  [
    'a redirection to a link that is deleted',
    {
      links: [
        { name: 'v2', absent: true },
        { name: 'v0', clsact: { ingress: [{ kind: 'u32', priority: 1, actions: [{ ...redirect, link: 'v2' }] }] } },
      ],
    },
    'links[1].clsact.ingress[0].actions[0].link',
    'unknown-name',
    "no link is named 'v2'",
  ],
  [
    'one link by its name and its alternative name',
    { links: [{ name: 'br0' }, { name: 'altbr' }] },
    'links[1]',
    'ambiguous',
    'selects link br0, as links[0] does',
  ],
  [
    'a route in the table of a VRF that does not exist',
    { routes: [{ to: '10.9.0.0/16', via: '10.1.0.9', table: 'blue' }] },
    'routes[0].table',
    'unknown-name',
    "no routing table is named 'blue'",
  ],
  [
    'a jump to a missing chain',
    { firewall: { tables: [{ family: 'ip', name: 't', chains: [{ name: 'c', rules: [{ then: { jump: 'd' } }] }] }] } },
    'firewall.tables[0].chains[0].rules[0].then.jump',
    'unknown-name',
    "the table has no chain 'd'",
  ],
];

describe('network().plan: references', function () {
  let namespace: Namespace;
  let net: Network;

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    namespace = createNamespace();
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link add v2 type veth peer name v3',
      'link add br0 type bridge',
      'link property add dev br0 altname altbr',
      'link add p0 type veth peer name p1',
      'link set p0 master br0',
    ]);
    net = network({ netns: namespace.path });
  });

  after(() => {
    net?.close();
    namespace?.delete();
  });

  for (const [title, document, path, reason, text] of CASES)
    it(`rejects ${title}, and writes nothing`, async () => {
      let error: unknown;
      const writes = await countWrites(async () => {
        error = await lastValueFrom(net.plan({ version: 1, ...document })).catch((caught: unknown) => caught);
      });
      if (!isNetworkError(error)) throw new Error('the document was accepted');
      expect([error.path, error.reason, writes]).to.deep.equal([path, reason, 0]);
      expect(error.message).to.include(`cannot plan document: ${path}: `).and.to.include(text);
    });

  it('accepts ports of masters that take them', async () => {
    const { text } = await lastValueFrom(
      net.plan({
        version: 1,
        links: [
          { name: 'v0', master: 'altbr', bridgePort: { cost: 7 } },
          { name: 'br1', kind: 'bridge' },
          { name: 'm0', kind: 'macvlan', parent: 'br0', master: 'br1' },
        ],
      }),
    );
    expect(text.split('\n')).to.have.members(['+ link br1', '+ link m0', '~ link v0: master none -> br0, bridgePort.cost none -> 7']);
  });
});
