import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import type { LinkSpec } from '../../lib/network/links/link.js';
import { network } from '../../lib/network/network.js';
import { fakeNetwork } from '../../lib/testing/index.js';
import { needsLittleEndian } from '../support/host-order.js';

/**
 * Links whose drivers need hardware or a newer kernel, and the attributes of `IFLA_INFO_DATA` in the message of `ip link add ... type`,
 * little-endian, as strace shows them. The order of attributes has no meaning.
 */
const CASES: readonly (readonly [spec: LinkSpec, attributes: readonly string[]])[] = [
  [{ name: 'w0', parent: 'eth0', kind: 'rmnet', rmnet: { muxId: 5 } }, ['0600010005000000']],
  [
    {
      ...{ name: 'w0', parent: 'eth0', kind: 'rmnet' },
      rmnet: {
        ...{ muxId: 5, deaggregation: true, commands: false, receiveChecksum4: true, sendChecksum4: false },
        ...{ receiveChecksum5: true, sendChecksum5: false },
      },
    },
    ['0600010005000000', '0c000200150000003f000000'],
  ],
  [
    { name: 'w0', parent: 'eth0', kind: 'ipoib', ipoib: { partition: 0x8001, mode: 'connected', userMulticast: true } },
    ['0600010001800000', '0600020001000000', '0600030001000000'],
  ],
  // OVPN_MODE_MP (uapi/linux/if_link.h); no `ip` of today writes it.
  [{ name: 'w0', kind: 'ovpn', ovpn: { mode: 'mp' } }, ['0500010001000000']],
  [
    { name: 'w0', kind: 'sit', sit: { sixRdPrefix: '2001:db8::/32', sixRdRelayPrefix: '10.0.0.0/8' } },
    ['14000b0020010db8000000000000000000000000', '06000d0020000000', '08000c000a000000', '06000e0008000000'],
  ],
];

describe('network().links of kinds that no kernel of the specs has', () => {
  for (const [spec, attributes] of CASES) {
    it(`writes ${JSON.stringify(spec).slice(0, 70)} as ip does`, async function () {
      needsLittleEndian(this);
      const kernel = fakeNetwork();
      using net = network(kernel.options);
      const made = await lastValueFrom(net.links.add(spec));
      const bytes = kernel.requests.map(({ payload }) => Buffer.from(payload).toString('hex')).join(' ');
      for (const attribute of attributes) expect(bytes).to.include(attribute);
      const { changed } = await lastValueFrom(net.links.ensure(made));
      expect(changed).to.deep.equal([]);
      expect(made).to.have.deep.property(spec.kind!, (spec as unknown as Record<string, unknown>)[spec.kind!]);
    });
  }

  it('rejects networks of the other IP version, and a channel without a number', async () => {
    using net = network(fakeNetwork().options);
    const wrong: readonly (readonly [spec: LinkSpec, text: string])[] = [
      [{ name: 'w0', kind: 'sit', sit: { sixRdPrefix: '10.0.0.0/8' } }, "sit.sixRdPrefix: expected a network of IPv6, not '10.0.0.0/8'"],
      [{ name: 'w0', kind: 'rmnet', parent: 'eth0' }, 'rmnet.muxId'],
    ];
    for (const [spec, text] of wrong)
      expect(String(await lastValueFrom(net.links.add(spec)).catch((error: unknown) => error))).to.include(text);
  });
});
