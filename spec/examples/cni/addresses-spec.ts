import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Pool } from '../../../examples/cni/addresses/pool.js';
import { Reservations } from '../../../examples/cni/addresses/reservations.js';
import { formatAddress, lastAddress, parseAddress, parseSubnet } from '../../../examples/cni/addresses/subnet.js';
import { CniError } from '../../../examples/cni/errors.js';

const owner = (containerID: string) => ({ containerID, ifname: 'eth0' });

describe('examples/cni: addresses', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rxnetlink-cni-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const pool = (first: string, last: string): Pool => ({
    subnet: '10.1.0.0/29',
    prefix: 29,
    gateway: '10.1.0.1',
    broadcast: '10.1.0.7',
    first: parseAddress(first)!,
    last: parseAddress(last)!,
    folder: join(folder, 'shop'),
  });
  const reservations = (first = '10.1.0.1', last = '10.1.0.6') => new Reservations(pool(first, last));

  it('converts addresses above 127 too', () => {
    expect(parseAddress('255.255.255.254')).to.equal(4294967294);
    expect(formatAddress(4294967294)).to.equal('255.255.255.254');
    expect(parseAddress('1.2.3')).to.equal(undefined);
    expect(parseAddress('1.2.3.256')).to.equal(undefined);
    expect(parseSubnet('192.168.128.0/17')).to.deep.equal({ network: 3232268288, prefix: 17 });
    expect(formatAddress(lastAddress(parseSubnet('192.168.128.0/17')!))).to.equal('192.168.255.255');
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.1/8', '::/0'])
      expect(parseSubnet(text), text).to.equal(undefined);
  });

  it('never reserves the address of the gateway', () => {
    const addresses = ['a', 'b', 'c', 'd', 'e'].map((id) => reservations().reserve(owner(id)));
    expect(addresses).to.deep.equal(['10.1.0.2', '10.1.0.3', '10.1.0.4', '10.1.0.5', '10.1.0.6']);
  });

  it('fails with code 11 when no address is free, and names the range', () => {
    for (const id of ['a', 'b']) reservations('10.1.0.2', '10.1.0.3').reserve(owner(id));
    expect(reservations('10.1.0.2', '10.1.0.3').hasFree()).to.equal(false);
    expect(() => reservations('10.1.0.2', '10.1.0.3').reserve(owner('c')))
      .to.throw(CniError)
      .that.includes({ code: 11 })
      .with.property('details')
      .that.matches(/^all addresses from 10.1.0.2 to 10.1.0.3 of 10.1.0.0\/29 are in use; delete containers/);
  });

  it('uses a released address again only after the others', () => {
    const all = reservations('10.1.0.2', '10.1.0.4');
    all.reserve(owner('a'));
    all.release(owner('a'));
    expect(['b', 'c', 'd'].map((id) => all.reserve(owner(id)))).to.deep.equal(['10.1.0.3', '10.1.0.4', '10.1.0.2']);
  });

  it('returns the address of the same attachment, and another one for its other interface', () => {
    expect(reservations().reserve(owner('a'))).to.equal('10.1.0.2');
    expect(reservations().reserve(owner('a'))).to.equal('10.1.0.2');
    expect(reservations().reserve({ containerID: 'a', ifname: 'eth1' })).to.equal('10.1.0.3');
    reservations().release(owner('a'));
    expect(reservations().list()).to.deep.equal([{ address: '10.1.0.3', containerID: 'a', ifname: 'eth1' }]);
  });

  it('releases nothing twice, and nothing from a folder that does not exist', () => {
    reservations().release(owner('a'));
    expect(readdirSync(folder)).to.deep.equal([]);
    reservations().reserve(owner('a'));
    reservations().release(owner('a'));
    reservations().release(owner('a'));
    expect(reservations().list()).to.deep.equal([]);
  });

  it('leaves an address alone whose file another program wrote, and ignores a damaged hint', () => {
    reservations().reserve(owner('a'));
    writeFileSync(join(folder, 'shop/10.1.0.3'), 'web');
    writeFileSync(join(folder, 'shop/last'), 'not an addr');
    expect(reservations().reserve(owner('b'))).to.equal('10.1.0.4');
    expect(
      reservations()
        .list()
        .map(({ address }) => address),
    ).to.have.members(['10.1.0.2', '10.1.0.4']);
    expect(readlinkSync(join(folder, 'shop/10.1.0.4'))).to.equal('b/eth0');
  });
});
