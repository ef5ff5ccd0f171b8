import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import {
  ArpHook,
  BridgeHook,
  ChainFlags,
  InetHook,
  NfProtocol,
  SetKeyType,
  nftables,
  type NftablesFamily,
} from '../../../lib/families/nftables.js';
import type { FamilyOperation } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

type Operation = FamilyOperation<NftablesFamily>;
type Shown = Readonly<Record<string, string>>;

const create = { create: true } as const;

/** The name that nft prints for each type, and the length of its keys in bytes. */
const TYPES: Readonly<Record<keyof typeof SetKeyType, readonly [word: string, length: number]>> = {
  NfProtocol: ['nf_proto', 1],
  Ipv4Address: ['ipv4_addr', 4],
  Ipv6Address: ['ipv6_addr', 16],
  EtherAddress: ['ether_addr', 6],
  EtherType: ['ether_type', 2],
  InetProtocol: ['inet_proto', 1],
  InetService: ['inet_service', 2],
  Mark: ['mark', 4],
  InterfaceIndex: ['iface_index', 4],
  InterfaceName: ['ifname', 16],
};

/** The families whose hooks have numbers of their own, with the names that nft prints. Hooks that need a device are omitted. */
const HOOKS: readonly (readonly [family: number, word: string, hooks: Readonly<Record<string, number>>])[] = [
  [
    NfProtocol.Inet,
    'inet',
    {
      prerouting: InetHook.PreRouting,
      input: InetHook.LocalIn,
      forward: InetHook.Forward,
      output: InetHook.LocalOut,
      postrouting: InetHook.PostRouting,
    },
  ],
  [NfProtocol.Arp, 'arp', { input: ArpHook.In, output: ArpHook.Out }],
  [
    NfProtocol.Bridge,
    'bridge',
    {
      prerouting: BridgeHook.PreRouting,
      input: BridgeHook.LocalIn,
      forward: BridgeHook.Forward,
      output: BridgeHook.LocalOut,
      postrouting: BridgeHook.PostRouting,
    },
  ],
];

describe('constants of nftables', () => {
  const namespace = useNamespace();

  const shown = (kind: string, ...words: string[]): Shown[] => {
    const { nftables: items } = JSON.parse(namespace().run('nft', '-j', ...words)) as { nftables: Record<string, Shown>[] };
    return items.flatMap((item) => (item[kind] === undefined ? [] : [item[kind]]));
  };
  const write = async (operations: readonly Operation[]) => {
    const client = nftables({ netns: namespace().path });
    try {
      await lastValueFrom(client.transaction(operations), { defaultValue: undefined });
    } finally {
      client.close();
    }
  };

  before(function () {
    try {
      namespace().run('nft', 'list', 'ruleset');
    } catch (error) {
      skipBecause(this, `nft cannot list a rule set: ${(error as Error).message}`);
    }
  });

  it('have in SetKeyType the numbers that nft prints as types', async () => {
    const table = { nfgenFamily: NfProtocol.Inet, table: 'types' };
    const names = Object.keys(TYPES) as (keyof typeof SetKeyType)[];
    expect(names).to.have.members(Object.keys(SetKeyType));
    await write([
      { op: 'newtable', request: { nfgenFamily: NfProtocol.Inet, name: 'types' }, options: create },
      ...names.map((name, id): Operation => {
        const request = { ...table, name, keyType: SetKeyType[name], keyLen: TYPES[name][1], id };
        return { op: 'newset', request, options: create };
      }),
    ]);
    const types = shown('set', 'list', 'sets').map(({ name, type }) => [name, type]);
    expect(Object.fromEntries(types)).to.deep.equal(Object.fromEntries(names.map((name) => [name, TYPES[name][0]])));
  });

  for (const [nfgenFamily, word, hooks] of HOOKS) {
    it(`have the hook numbers of ${word} that nft prints as names; policies are read and written as names`, async () => {
      await write([
        { op: 'newtable', request: { nfgenFamily, name: 'numbers' }, options: create },
        ...Object.entries(hooks).map(([name, num], index): Operation => {
          const request = { nfgenFamily, table: 'numbers', name, type: 'filter', hook: { num, priority: 0 }, flags: ChainFlags.Base };
          return { op: 'newchain', request: { ...request, policy: index % 2 === 0 ? 'accept' : 'drop' }, options: create };
        }),
      ]);
      const chains = shown('chain', 'list', 'table', word, 'numbers');
      const expected = Object.keys(hooks).map((name, index) => [name, name, index % 2 === 0 ? 'accept' : 'drop']);
      expect(chains.map(({ name, hook, policy }) => [name, hook, policy])).to.deep.equal(expected);
      const client = nftables({ netns: namespace().path });
      const rows = await lastValueFrom(client.list('getchain', { nfgenFamily }));
      client.close();
      expect(rows.map(({ name, policy }) => [name, policy])).to.deep.equal(chains.map(({ name, policy }) => [name, policy]));
    });
  }
});
