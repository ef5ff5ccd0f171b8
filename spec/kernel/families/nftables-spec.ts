import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, takeWhile, toArray } from 'rxjs';
import {
  ChainFlags,
  NfProtocol,
  SetElemFlags,
  SetFlags,
  TableFlags,
  nftables,
  type NftablesFamily,
} from '../../../lib/families/nftables.js';
import { KernelError, ipv4Text, type FamilyClient, type FamilyOperation } from '../../../lib/index.js';
import { run, skipBecause, useNamespace } from '../../support/namespace.js';
import { bitNames, compareFields, within, type Fields, type Shown } from '../../families/compare/fields.js';
import { expressionText } from '../../families/compare/nftables-text.js';

type Operation = FamilyOperation<NftablesFamily>;

const { Inet: INET, Ipv4: IPV4 } = NfProtocol;
const FAMILY: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 10: 'ip6' };
const HOOK = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

const RULESET = `
table inet t { comment "hello"
 counter c1 { packets 5 bytes 6 }
 quota q1 { over 10 mbytes }
 set s1 { type ipv4_addr; flags interval, timeout; elements = { 10.0.0.0/8 timeout 1h, 192.0.2.1-192.0.2.9 } }
 set s2 { type inet_service; elements = { 22, 80 } }
 map m1 { type ipv4_addr : verdict; elements = { 10.0.0.1 : accept, 10.0.0.2 : jump c } }
 chain c { tcp dport 22 counter accept comment "ssh"; }
 chain in { type filter hook input priority -5; policy drop;
  ct state established,related accept
  ip saddr @s1 counter packets 1 bytes 2 drop
  tcp dport { 1, 2-5 } log prefix "x" level info limit rate 5/minute burst 7 packets reject with tcp reset
  ip saddr 10.0.0.0/24 meta mark set 0x7 jump c
  iifname "lo" ct mark 5 quota over 1 mbytes counter name c1
 }
 chain nat { type nat hook postrouting priority 100; tcp dport 80 snat ip to 192.0.2.1-192.0.2.5:100-200 random; }
}
table ip6 u { flags dormant; }
`;

/** NFTNL_UDATA_TABLE_COMMENT of libnftnl; newer versions of nft add others. */
const COMMENT = 0;

/** Returns the comment in libnftnl's user data: a list of a type, a length and a value. */
function commentOf(userdata: Uint8Array): string | undefined {
  for (let at = 0; at < userdata.length; at += 2 + userdata[at + 1]!) {
    if (userdata[at] === COMMENT) return Buffer.from(userdata.subarray(at + 2, at + 1 + userdata[at + 1]!)).toString();
  }
  return undefined;
}

const table: Fields<NftablesFamily['dump']['gettable']['reply']> = {
  family: ({ nfgenFamily }) => FAMILY[nfgenFamily],
  name: ({ name }) => name,
  handle: ({ handle }) => Number(handle),
  // Newer versions of nft print a list although it has one entry.
  flags: ({ flags }, shown) => {
    const names = bitNames(flags ?? 0, [['dormant', TableFlags.Dormant]]);
    return Array.isArray(shown) ? names : names[0];
  },
  comment: ({ userdata }) => userdata && commentOf(userdata),
};

const chain: Fields<NftablesFamily['dump']['getchain']['reply']> = {
  family: ({ nfgenFamily }) => FAMILY[nfgenFamily],
  table: ({ table: name }) => name,
  name: ({ name }) => name,
  handle: ({ handle }) => Number(handle),
  type: ({ type }) => type,
  hook: ({ hook }) => HOOK[hook?.num ?? -1],
  prio: ({ hook }) => hook?.priority,
  policy: ({ policy }) => policy,
};

const set: Fields<NftablesFamily['dump']['getset']['reply']> = {
  family: ({ nfgenFamily }) => FAMILY[nfgenFamily],
  table: ({ table: name }) => name,
  name: ({ name }) => name,
  handle: ({ handle }) => Number(handle),
  // The types are numbers of nft; the kernel does not interpret them.
  type: ({ keyType }) => ({ 7: 'ipv4_addr', 13: 'inet_service' })[keyType ?? 0],
  map: ({ dataType }) => (dataType === 0xffffff00 ? 'verdict' : undefined),
  flags: ({ flags }) =>
    bitNames(flags ?? 0, [
      ['constant', SetFlags.Constant],
      ['interval', SetFlags.Interval],
      ['timeout', SetFlags.Timeout],
    ]),
};

const object: Fields<NftablesFamily['dump']['getobj']['reply']> = {
  family: ({ nfgenFamily }) => FAMILY[nfgenFamily],
  table: ({ table: name }) => name,
  name: ({ name }) => name,
  handle: ({ handle }) => Number(handle),
  packets: (row) => (row.type === 'counter' ? Number(row.data?.packets) : undefined),
  bytes: (row) => (row.type === 'counter' || row.type === 'quota' ? Number(row.data?.bytes) : undefined),
  used: (row) => (row.type === 'quota' ? Number(row.data?.consumed) : undefined),
  inv: (row) => (row.type === 'quota' ? row.data?.flags === 1 : undefined),
};

const number16 = (key: Uint8Array) => new DataView(key.buffer, key.byteOffset).getUint16(0);

describe('nftables', () => {
  const namespace = useNamespace();
  let client: FamilyClient<NftablesFamily>;

  const shown = (kind: string, line = 'list ruleset') => {
    const { nftables: items } = JSON.parse(namespace().run('nft', '-j', ...line.split(' '))) as { nftables: Record<string, Shown>[] };
    return items.flatMap((item) => (item[kind] === undefined ? [] : [item[kind]]));
  };
  const load = (ruleset: string) => {
    run('nsenter', [`--net=${namespace().path}`, '--', 'nft', '-f', '-'], ruleset);
  };
  const names = (rows: readonly { name?: string }[]) => rows.map(({ name }) => name);
  const tables = async () => names(await lastValueFrom(client.list('gettable')));

  before(function () {
    try {
      load(RULESET);
    } catch (error) {
      const text = (error as Error).message;
      if (/Operation not supported|No such file|ENOENT/.test(text)) skipBecause(this, 'nft cannot load the rules', error);
      throw error;
    }
    client = nftables({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
  });

  it('reads tables as nft shows them', async () => {
    const rows = await lastValueFrom(client.list('gettable'));
    expect(names(rows)).to.deep.equal(['t', 'u']);
    shown('table').forEach((row, index) => {
      compareFields(String(row['name']), row, rows[index]!, table);
    });
  });

  it('reads chains as nft shows them', async () => {
    const rows = await lastValueFrom(client.list('getchain'));
    expect(names(rows)).to.deep.equal(['c', 'in', 'nat']);
    shown('chain').forEach((row, index) => {
      compareFields(String(row['name']), row, rows[index]!, chain);
    });
  });

  it('reads the expressions of rules as nft --debug=netlink shows them', async () => {
    const rows = await lastValueFrom(client.list('getrule'));
    const debug = namespace().run('nft', '--debug=netlink', 'list', 'ruleset');
    const blocks = [...debug.matchAll(/^inet t (\w+) (\d+)(?: \d+)?\n((?: {2}.*\n)+)/gm)].map(([, name, handle, lines]) => ({
      chain: name,
      handle: Number(handle),
      expressions: [...lines!.matchAll(/\[ (.*) \]/g)].map(([, text]) => text!.replace(/\s+$/, '')),
    }));
    const read = rows.map(({ chain: name, handle, expressions }) => ({
      chain: name,
      handle: Number(handle),
      expressions: (expressions?.elem ?? []).map(expressionText),
    }));
    expect(blocks.length).to.equal(7);
    expect(read).to.deep.equal(blocks);
    expect(rows.map(({ handle }) => Number(handle))).to.deep.equal(shown('rule').map(({ handle }) => handle));
  });

  it('reads sets and maps as nft shows them', async () => {
    const rows = (await lastValueFrom(client.list('getset'))).filter(({ flags }) => ((flags ?? 0) & SetFlags.Anonymous) === 0);
    const table = [...shown('set'), ...shown('map')];
    expect(names(rows)).to.deep.equal(table.map(({ name }) => name));
    table.forEach(({ elem: _elements, ...row }, index) => {
      compareFields(String(row['name']), row, rows[index]!, set);
    });
  });

  it('reads elements as nft shows them', async () => {
    const elements = async (name: string) =>
      (await lastValueFrom(client.list('getsetelem', { nfgenFamily: INET, table: 't', set: name }))).flatMap(
        ({ elements: list }) => list?.elem ?? [],
      );
    const elementsShown = (name: string) => [...shown('set'), ...shown('map')].find((row) => row['name'] === name)!['elem'] as unknown[];

    const services = (await elements('s2')).map(({ key }) => number16(key!.value!));
    expect(services).to.have.members(elementsShown('s2'));

    const mapped = (await elements('m1')).map(({ key, data }) => {
      const { code, chain: target } = data!.verdict!;
      return [ipv4Text(key!.value!), target === undefined ? { [code!]: null } : { [code!]: { target } }];
    });
    expect(mapped).to.have.deep.members(elementsShown('m1'));

    const intervals = (await elements('s1')).reverse();
    const starts = intervals.filter(({ flags }) => ((flags ?? 0) & SetElemFlags.IntervalEnd) === 0);
    expect(starts.map(({ key }) => ipv4Text(key!.value!))).to.deep.equal(['10.0.0.0', '192.0.2.1']);
    expect(Number(starts[0]!.timeout)).to.equal(3_600_000);
    const [timed] = elementsShown('s1') as { elem: { expires: number } }[];
    expect(within(2, timed!.elem.expires, Number(starts[0]!.expiration) / 1000)).to.equal(timed!.elem.expires);
  });

  it('returns the elements of a large set as one row, although the kernel sends several messages', async () => {
    const addresses = Array.from({ length: 6000 }, (_, index) => `10.${String(index >> 8)}.${String(index & 255)}.1`);
    load(`table ip large { set s { type ipv4_addr; elements = { ${addresses.join(', ')} }; }; }`);
    const rows = await lastValueFrom(client.list('getsetelem', { nfgenFamily: IPV4, table: 'large', set: 's' }));
    load('delete table ip large');
    expect(rows.length).to.equal(1);
    expect(rows[0]!.elements!.elem!.map(({ key }) => ipv4Text(key!.value!))).to.have.members(addresses);
  });

  it('reads counters and quotas as nft shows them', async () => {
    const rows = await lastValueFrom(client.list('getobj'));
    const table = [...shown('counter'), ...shown('quota')];
    expect(names(rows)).to.deep.equal(table.map(({ name }) => name));
    table.forEach((row, index) => {
      compareFields(String(row['name']), row, rows[index]!, object);
    });
  });

  it('reads one object', async () => {
    expect(await lastValueFrom(client.do('gettable', { nfgenFamily: INET, name: 't' }))).to.include({ name: 't', nfgenFamily: INET });
    expect(await lastValueFrom(client.do('getgen'))).to.include({
      procName: readFileSync('/proc/self/comm', 'utf8').trim(),
      procPid: process.pid,
    });
  });

  describe('writes', () => {
    const made = { create: true } as const;
    const address = (text: string) => Uint8Array.from(text.split('.'), Number);
    const ruleset = (name: string): Operation[] => [
      { op: 'newtable', request: { nfgenFamily: IPV4, name }, options: { create: true, exclusive: true } },
      { op: 'newset', request: { nfgenFamily: IPV4, table: name, name: 'block', keyType: 7, keyLen: 4, id: 1 }, options: made },
      {
        op: 'newsetelem',
        request: {
          nfgenFamily: IPV4,
          table: name,
          set: 'block',
          elements: { elem: ['192.0.2.1', '192.0.2.7'].map((ip) => ({ key: { value: address(ip) } })) },
        },
        options: made,
      },
      {
        op: 'newchain',
        request: {
          nfgenFamily: IPV4,
          table: name,
          name: 'in',
          type: 'filter',
          hook: { num: 1, priority: 10 },
          policy: 'accept',
          flags: ChainFlags.Base,
        },
        options: made,
      },
      {
        op: 'newrule',
        request: {
          nfgenFamily: IPV4,
          table: name,
          chain: 'in',
          expressions: {
            elem: [
              { name: 'payload', data: { dreg: 1, base: 'network-header', offset: 12, len: 4 } },
              { name: 'lookup', data: { sreg: 1, set: 'block' } },
              { name: 'counter', data: { bytes: 0n, packets: 0n } },
              { name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'drop' } } } },
            ],
          },
        },
        options: { create: true, append: true },
      },
    ];

    it('a rule set in one transaction, which nft reads back', async () => {
      await lastValueFrom(client.transaction(ruleset('w')), { defaultValue: undefined });
      const listed = namespace().run('nft', 'list', 'table', 'ip', 'w');
      expect(listed.replaceAll(/\s+/g, ' ').trim()).to.equal(
        'table ip w { set block { type ipv4_addr elements = { 192.0.2.1, 192.0.2.7 } } ' +
          'chain in { type filter hook input priority filter + 10; policy accept; ip saddr @block counter packets 0 bytes 0 drop } }',
      );
    });

    it('none of the operations when one fails; the error names its operation and attribute', async () => {
      const bad: Operation = { op: 'newrule', request: { nfgenFamily: IPV4, table: 'half', chain: 'nowhere' }, options: made };
      const error: unknown = await lastValueFrom(client.transaction([...ruleset('half'), bad])).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(KernelError);
      expect(error).to.include({
        code: 'ENOENT',
        operation: 'newrule',
        message: "ENOENT newrule: rule of chain 'nowhere' of table 'half': .chain",
      });
      expect((error as KernelError).extendedAck.attributePath).to.equal('.chain');
      expect(await tables()).to.not.include('half');
    });

    it('one operation of do() as a transaction', async () => {
      const reply = await lastValueFrom(client.do('newtable', { nfgenFamily: IPV4, name: 'alone' }, { create: true, exclusive: true }));
      expect(reply).to.equal(undefined);
      expect(await tables()).to.include('alone');
      await lastValueFrom(client.do('deltable', { nfgenFamily: IPV4, name: 'alone' }));
      expect(await tables()).to.not.include('alone');
    });

    it('one operation of do() with an echo, and emits only the object', async () => {
      const replies = await lastValueFrom(
        client.do('newtable', { nfgenFamily: IPV4, name: 'echoed' }, { create: true, echo: true }).pipe(toArray()),
      );
      expect(replies.map((reply) => reply?.name)).to.deep.equal(['echoed']);
    });

    it('objects whose notifications arrive in order, the generation last', async () => {
      const received = firstValueFrom(
        client.notifications('mgmt').pipe(
          takeWhile(({ op }) => op !== 'newgen-ntf', true),
          toArray(),
        ),
      );
      load('table ip n { set e { type ipv4_addr; elements = { 192.0.2.3 } }; chain c { accept; }; }');
      const announced = (await received).map(({ op }) => op);
      expect(announced).to.deep.equal(['newtable-ntf', 'newchain-ntf', 'newset-ntf', 'newsetelem-ntf', 'newrule-ntf', 'newgen-ntf']);
    });
  });
});
