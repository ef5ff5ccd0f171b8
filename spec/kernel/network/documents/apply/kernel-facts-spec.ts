import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace } from '../../../../support/namespace.js';
import { one } from '../../support.js';

/** A state that `ip` makes, a document, and what a command prints after it. */
interface Fact {
  readonly scene: readonly string[];
  readonly document: Omit<NetworkDocument, 'version'>;
  readonly command: string;
  readonly expected: RegExp;
}

const PAIR = ['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up'];

const FACTS: Readonly<Record<string, Fact>> = {
  'noPrefixRoute of an IPv4 address, which the kernel does not change in place': {
    scene: [...PAIR, 'addr add 10.1.0.1/24 dev v0'],
    document: { links: [{ name: 'v0', addresses: [{ address: '10.1.0.1/24', noPrefixRoute: true }] }] },
    command: '-4 addr show v0',
    expected: /10\.1\.0\.1\/24 scope global noprefixroute/,
  },
  'the MTU of an IPv6 route, which follows that of the link': {
    scene: [...PAIR, 'addr add fd01::1/64 dev v0 nodad', 'route add fd09::/64 via fd01::9 mtu 1400'],
    document: { links: [{ name: 'v0', mtu: 1350 }], routes: [{ to: 'fd09::/64', via: 'fd01::9', protocol: 'boot', mtu: 1400 }] },
    command: '-6 route show fd09::/64',
    expected: /via fd01::9 dev v0 .*mtu 1400/,
  },
};

describe('documents, as the kernel behaves', () => {
  useNamespace();

  for (const [title, { scene, document, command, expected }] of Object.entries(FACTS))
    it(`apply ${title}, and find no difference afterwards`, async () => {
      const namespace = createNamespace();
      const net = network({ netns: namespace.path });
      try {
        namespace.batch(scene);
        await one(net.apply({ version: 1, ...document }));
        expect(namespace.ip(command)).to.match(expected);
        expect((await one(net.plan({ version: 1, ...document }))).text).to.equal('');
      } finally {
        net.close();
        namespace.delete();
      }
    });
});
