import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { loadFamily } from '../../../lib/spec-loader/index.js';
import { useNamespace } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';
import { skipBecause } from '../../support/unavailable.js';

/** A part of ipset; `flag` sets NET_BYTEORDER on the address, which the kernel insists on. Numbers of linux/netfilter/ipset/ip_set.h. */
const sets = (flag: boolean) =>
  loadFamily(`
name: sets
protocol: netlink-raw
protonum: 12
definitions:
  - { name: nfgenmsg, type: struct, members: [{ name: nfgen-family, type: u8 }, { name: version, type: u8 }, { name: res-id, type: u16, byte-order: big-endian }] }
errors:
  - { name: IPSET_ERR_PROTOCOL, value: 4097, doc: the request is malformed }
  - { name: IPSET_ERR_EXIST, value: 4103, doc: the entry exists already }
attribute-sets:
  - name: top
    attributes:
      - { name: protocol, type: u8 }
      - { name: setname, type: string }
      - { name: typename, type: string }
      - { name: revision, type: u8 }
      - { name: family, type: u8 }
      - { name: flags, type: u32, byte-order: big-endian }
      - { name: data, type: nest, nested-attributes: data }
      - { name: lineno, type: u32, byte-order: big-endian, value: 9, net-byteorder: true }
  - { name: data, attributes: [{ name: ip, type: nest, nested-attributes: address }] }
  - { name: address, attributes: [{ name: ipv4, type: binary, display-hint: ipv4, net-byteorder: ${String(flag)} }] }
operations:
  fixed-header: nfgenmsg
  list:
    - { name: create, value: 1538, attribute-set: top, do: { request: {} } }
    - { name: add, value: 1545, attribute-set: top, do: { request: {} } }
`);

const INET = 2;

describe('errors and byte order of a family of its own', () => {
  const namespace = useNamespace();
  usePrograms('ipset');

  const saved = () => namespace().run('ipset', 'save').trim().split('\n').slice(1);
  const run = (flag: boolean, op: 'create' | 'add', request: object, exclusive = true) => {
    using client = sets(flag)({ netns: namespace().path });
    return lastValueFrom(client.do(op, { nfgenFamily: INET, protocol: 7, ...request }, { create: op === 'create', exclusive })).catch(
      (error: unknown) => error,
    );
  };
  const add = (flag: boolean, ipv4: string, exclusive = true) => run(flag, 'add', { setname: 'hosts', data: { ip: { ipv4 } } }, exclusive);

  before(async function () {
    const error = await run(true, 'create', { setname: 'hosts', typename: 'hash:ip', revision: 4, family: INET, data: {} });
    if ((error as { code?: string } | undefined)?.code === 'EINVAL') skipBecause(this, 'this kernel has no ipset');
    expect(error).to.equal(undefined);
  });

  it('adds an entry with the flag that ipset insists on', async () => {
    expect(await add(true, '192.0.2.1')).to.equal(undefined);
    expect(saved()).to.deep.equal(['add hosts 192.0.2.1']);
  });

  it('reports its error numbers by name and in words', async () => {
    expect(await add(true, '192.0.2.1')).to.include({
      code: 'IPSET_ERR_EXIST',
      errno: -4103,
      message: 'IPSET_ERR_EXIST add: the entry exists already',
    });
    expect(await add(false, '192.0.2.2')).to.include({
      code: 'IPSET_ERR_PROTOCOL',
      message: 'IPSET_ERR_PROTOCOL add: the request is malformed',
    });
    expect(saved()).to.deep.equal(['add hosts 192.0.2.1']);
  });
});
