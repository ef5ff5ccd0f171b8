import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { rtNeighSchema, type NewneighRequest } from '../../lib/families/rt-neigh.js';
import { isNetworkError, network } from '../../lib/network/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';
import { parseIp } from '../../lib/wire/index.js';

/** Links whose addresses have other lengths than those of Ethernet: tunnels over IPv4 and IPv6, an InfiniBand port, and one without addresses. */
const ADDRESSES: Readonly<Record<string, string | undefined>> = {
  gre1: '10.0.0.1',
  ip6gre1: 'fd00::1',
  ib0: Array.from({ length: 20 }, () => '0b').join(':'),
  tun0: undefined,
};

/** The engine accepts an IPv6 address only as bytes. */
function bytesOf(text: string): string | Uint8Array {
  return text.includes('::') ? parseIp(text) : text;
}

describe('the MAC address of a neighbour', () => {
  /** Adds a neighbour on a link and returns the MAC address of the request, or the error text. */
  const add = async (link: string, mac: string, read = mac): Promise<string | undefined> => {
    const row = { ifiIndex: 7, ifname: link, ifiType: 1, ...(ADDRESSES[link] !== undefined && { address: bytesOf(ADDRESSES[link]) }) };
    let written: NewneighRequest | undefined;
    const neigh = fakeFamily(rtNeighSchema, {
      do: {
        newneigh: (request) => {
          written = request;
          return undefined;
        },
      },
      dump: {
        getneigh: () => [{ ndmFamily: 2, ndmIfindex: 7, ndmState: 128, ndmFlags: 0, dst: '10.0.0.9', lladdr: bytesOf(read) } as never],
      },
    });
    const links = fakeFamily(rtLinkSchema, { dump: { getlink: () => [row] as never }, do: { getlink: () => row as never } });
    using net = network({ transport: fakeKernel(fakeFamilies(links, neigh)) });
    try {
      await lastValueFrom(net.neighbours.add({ link, address: '10.0.0.9', mac }));
      return written?.lladdr as string | undefined;
    } catch (error) {
      if (!isNetworkError(error, 'invalid') || error.path !== 'mac') throw error;
      return error.message;
    }
  };

  it('has the length of the address of its link', async () => {
    for (const [link, mac] of [
      ['gre1', '10.0.0.9'],
      ['ip6gre1', 'fd00::9'],
      ['ib0', ADDRESSES['ib0']!],
      ['tun0', '02:00:00:00:00:01'],
    ] as const)
      expect(await add(link, mac)).to.equal(mac);
    // Readers show the four bytes as an IP address, as ip does.
    expect(await add('gre1', '0a:00:00:09', '10.0.0.9')).to.equal('10.0.0.9');
  });

  it('is rejected with another length than the address of its link', async () => {
    expect(await add('gre1', '02:00:00:00:00:01')).to.equal(
      "cannot add neighbour 10.0.0.9 on gre1: mac: expected 4 bytes, as the address of link gre1 has, not '02:00:00:00:00:01'",
    );
    expect(await add('ib0', '02:00:00:00:00:01')).to.include('expected 20 bytes, as the address of link ib0 has');
  });

  it('is rejected with a length that no link has', async () => {
    expect(await add('tun0', '02:00')).to.include("mac: expected a MAC address such as '02:00:00:00:00:01', not '02:00'");
  });
});
