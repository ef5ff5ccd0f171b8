import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { nftables, type GetsetReply, type GetsetelemReply } from '../../../../lib/families/nftables.js';
import { dataTypes } from '../../../../lib/network/firewall/data/data-types.js';
import { requirePrograms } from '../../../support/programs.js';
import { useNamespace } from '../../../support/namespace.js';

/** Byte orders in nft's userdata of a set: type 0, length 4, then the number in host order. */
const ORDERS: Readonly<Record<number, string>> = { 0: 'none', 1: 'host', 2: 'network' };

/** Types that have no name of their own as the key of a set in nft's language. */
const NO_SET = ['icmpx_code', 'day', 'ecn'];

/** `nft -j` prints these as JSON's own values, and the text form in words. */
const JSON_NAMES: Readonly<Record<string, string>> = { true: 'exists', false: 'missing' };

/** A value of each type, as nft and this library write it. */
const VALUES: Readonly<Record<string, string | number>> = {
  ipv4_addr: '10.0.0.1',
  ipv6_addr: 'fe80::1',
  ether_addr: '02:00:00:00:00:01',
  ifname: 'eth0',
  classid: '1:10',
  iface_index: 'lo',
  dscp: 'ef',
};

describe('data types of nftables, beside nft', () => {
  const namespace = useNamespace();
  before(() => requirePrograms('nft'));

  it('have the numbers, the lengths and the bytes that nft writes', async () => {
    const types = dataTypes().filter(({ name }) => !NO_SET.includes(name));
    const sets = types.map(({ name }) => {
      const type = dataTypes().find((known) => known.name === name)!;
      const value = VALUES[name] ?? type.print(type.parse(1, name));
      return `set s_${name} {\ntype ${name}\nelements = { ${name === 'ifname' ? `"${value}"` : value} }\n}`;
    });
    namespace().run('nft', `table inet t {\n${sets.join('\n')}\n}`);
    const client = nftables({ netns: namespace().path });
    const request = { nfgenFamily: 1, table: 't' };
    const rows = await lastValueFrom(client.list('getset', request));
    expect(rows).to.have.length(types.length);
    for (const type of types) {
      const row: GetsetReply = rows.find(({ name }) => name === `s_${type.name}`)!;
      const order = row.userdata![2]!;
      expect([type.name, row.keyType, row.keyLen]).to.deep.equal([type.name, type.number, type.bytes]);
      if (type.bytes > 1) expect([type.name, ORDERS[order || row.userdata![5]!]]).to.deep.equal([type.name, type.order]);
      const elements: readonly GetsetelemReply[] = await lastValueFrom(client.list('getsetelem', { ...request, set: row.name! }));
      const key = Buffer.from(elements[0]!.elements!.elem![0]!.key!.value!);
      const json = JSON.parse(namespace().run('nft', '-j', 'list', 'set', 'inet', 't', row.name!)) as {
        readonly nftables: readonly { readonly set?: { readonly elem: readonly unknown[] } }[];
      };
      const [printed] = json.nftables.find(({ set }) => set !== undefined)!.set!.elem;
      expect([type.name, String(type.print(key))]).to.deep.equal([type.name, JSON_NAMES[String(printed)] ?? String(printed)]);
      expect([type.name, type.parse(printed, '').toString('hex')]).to.deep.equal([type.name, key.toString('hex')]);
    }
  });
});
