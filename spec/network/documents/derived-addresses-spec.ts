import { expect } from 'chai';
import type { Address } from '../../../lib/network/addresses/address.js';
import { derivedTest } from '../../../lib/network/documents/restore/derived-addresses.js';
import type { Link } from '../../../lib/network/links/link.js';
import type { SiteChange } from '../../../lib/network/documents/site.js';

const LINKS = [
  { name: 'v0', mac: '02:00:00:00:00:01', peer: { name: 'v1' } },
  { name: 'v1', mac: '46:bc:91:36:19:42', peer: { name: 'v0' } },
  { name: 'ipip0', mac: '10.0.0.1' },
  { name: 'other', mac: '02:00:00:00:00:09' },
] as unknown as readonly Link[];

const CHANGES = [
  { change: { table: 'links', before: { name: 'v0' }, wanted: { name: 'v0', up: true } } },
  { change: { table: 'links', before: { name: 'ipip0' }, wanted: { name: 'ipip0', up: true } } },
] as unknown as readonly SiteChange[];

describe('addresses that the kernel adds with a carrier', () => {
  const isDerived = derivedTest(LINKS, CHANGES);
  const on = (link: string, address: string, protocol?: string): boolean => isDerived({ link, address, protocol } as unknown as Address);

  it('have the protocol kernel-link-local, on links that the changes reach', () => {
    expect(on('v1', 'fe80::1234/64', 'kernel-link-local')).to.equal(true);
    expect(on('other', 'fe80::1234/64', 'kernel-link-local')).to.equal(false);
    expect(on('v1', 'fe80::1234/64', 'static')).to.equal(false);
  });

  it('have no protocol before Linux 5.18: the address follows from that of the link', () => {
    expect(on('v1', 'fe80::44bc:91ff:fe36:1942/64')).to.equal(true);
    expect(on('v0', 'fe80::ff:fe00:1/64')).to.equal(true);
    expect(on('v1', 'fe80::1/64')).to.equal(false);
    expect(on('other', 'fe80::ff:fe00:9/64')).to.equal(false);
    expect(on('ipip0', 'fe80::1/64')).to.equal(false);
  });
});
