import { expect } from 'chai';
import { interfacesOf, type AddressRow } from '../../lib/network/interfaces/interface-rows.js';

describe('interfacesOf', () => {
  const up = { ifiFlags: 0x41 };
  const addressOf = (ifaIndex: number, more: Partial<AddressRow> = {}): AddressRow => ({
    ifaFamily: 2,
    ifaPrefixlen: 24,
    ifaIndex,
    address: `10.0.0.${ifaIndex}`,
    ...more,
  });
  const macs = (address: string | undefined): (string | undefined)[] =>
    Object.values(interfacesOf([{ ...up, ifiIndex: 1, ifname: 'a', ...(address !== undefined && { address }) }], [addressOf(1)])).map(
      (entries) => entries?.[0]?.mac,
    );

  it('returns six bytes of any address of the link layer, as libuv copies them', () => {
    expect(macs(undefined)).to.deep.equal(['00:00:00:00:00:00']);
    expect(macs('192.0.2.1')).to.deep.equal(['c0:00:02:01:00:00']);
    expect(macs('80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:10:39')).to.deep.equal(['80:00:02:08:fe:80']);
  });

  it('omits links that are down or have no carrier, and addresses of links that it does not know', () => {
    const links = [
      { ifiIndex: 1, ifname: 'down', ifiFlags: 0x40 },
      { ifiIndex: 2, ifname: 'idle', ifiFlags: 0x1 },
      { ifiIndex: 3, ifname: 'up', ifiFlags: 0x41 },
    ];
    const addresses = [1, 2, 3, 4].map((index) => addressOf(index));
    expect(Object.keys(interfacesOf(links, addresses))).to.deep.equal(['up']);
  });
});
