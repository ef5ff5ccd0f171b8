import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { skipBecause, useNamespace, type Namespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { CommandHere, root, until } from '../cli/command.js';
import { DashboardClient } from './dashboard-client.js';

/** Returns the address in what a command has printed. */
const addressIn = (text: string): string => /http:\S+/.exec(text)![0];

const withLength = (address: string): string =>
  address === 'default' || address.includes('/') ? address : `${address}/${address.includes(':') ? '128' : '32'}`;

interface NftObject {
  readonly counter?: {
    readonly family: string;
    readonly table: string;
    readonly name: string;
    readonly packets: number;
    readonly bytes: number;
  };
  readonly rule?: {
    readonly family: string;
    readonly table: string;
    readonly chain: string;
    readonly comment?: string;
    readonly expr: readonly { readonly counter?: { readonly packets: number; readonly bytes: number } | string }[];
  };
}

/** Returns the counters that `nft` lists: those with a name, and those of rules with their comments. */
function countersOf(namespace: Namespace): string[] {
  const { nftables } = JSON.parse(namespace.run('nft', '-j', 'list', 'ruleset')) as { readonly nftables: readonly NftObject[] };
  return nftables.flatMap(({ counter, rule }) => {
    if (counter !== undefined) return [[counter.family, counter.table, '', '', counter.packets, counter.bytes].join('|')];
    const own = rule?.expr.map((expression) => expression.counter).find((found) => typeof found === 'object');
    return own === undefined ? [] : [[rule!.family, rule!.table, rule!.chain, rule!.comment, own.packets, own.bytes].join('|')];
  });
}

describe('rxnetlink dashboard', function () {
  this.timeout(120_000);
  const namespace = useNamespace();
  let command: CommandHere;
  let page: DashboardClient;

  before(async () => {
    namespace().batch(['link add br0 type bridge', 'link add d0 type ifb', 'link add v0 type veth peer name v1']);
    command = new CommandHere('dashboard', '--netns', namespace().path);
    await command.prints('\n');
    page = await new DashboardClient().open(addressIn(command.stdout));
    await until(() => page.tables.has('neighbours') && page.nodes.size > 0, 'the page got no tables');
  });
  after(async () => {
    page.close();
    await command.end();
  });

  const json = <T>(line: string): T[] => JSON.parse(namespace().ip(`-j ${line}`) || '[]') as T[];
  /** Waits until the page shows what another program prints. */
  const untilEqual = async (shown: () => readonly string[], expected: readonly string[]) => {
    const wanted = [...expected].sort();
    await until(() => JSON.stringify([...shown()].sort()) === JSON.stringify(wanted), 'not equal').catch(() => undefined);
    expect([...shown()].sort()).to.deep.equal(wanted);
  };

  it('greets with the namespace and the tables in the order of the tabs', () => {
    const { version, namespace: name, tables } = page.hello!;
    expect(version).to.equal((JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string }).version);
    expect(name).to.equal(namespace().path);
    expect(tables.map((table) => table.name)).to.deep.equal([
      'links',
      'addresses',
      'routes',
      'neighbours',
      'sockets',
      'connections',
      'counters',
    ]);
  });

  it('has the rows of `ip -j` after a churn', async () => {
    const lines = Array.from({ length: 100 }, (_, at) => [
      `link add c${String(at)} type ifb`,
      `addr add 10.1.${String(at)}.1/24 dev c${String(at)}`,
      `link set c${String(at)} up mtu ${String(1300 + at)} ${at % 2 === 0 ? 'master br0' : ''}`,
      ...(at % 3 === 0 ? [`link del c${String(at)}`] : [`neigh add 10.1.${String(at)}.9 lladdr 02:00:00:00:00:09 dev c${String(at)}`]),
    ]);
    namespace().batch(lines.flat());
    namespace().batch(['link set c1 down', 'link set c1 name renamed', 'link set renamed up', 'route add 10.9.0.0/16 via 10.1.1.7']);
    interface IpLink {
      readonly ifname: string;
      readonly mtu: number;
      readonly address: string;
      readonly master?: string;
      readonly linkinfo?: { readonly info_kind?: string };
    }
    const links = json<IpLink>('-d link').map(({ ifname, mtu, address, master, linkinfo }) =>
      // The loopback and links without Ethernet have the address 00:00:00:00:00:00, which is not one.
      [ifname, linkinfo?.info_kind, mtu, master, /^[0:]+$/.test(address) ? undefined : address].join(' '),
    );
    await untilEqual(() => page.rows('links').map(({ name, kind, mtu, master, mac }) => [name, kind, mtu, master, mac].join(' ')), links);
    expect(links).to.have.length(5 + 66);
    interface IpAddress {
      readonly ifname: string;
      readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
    }
    const addresses = json<IpAddress>('addr').flatMap(({ ifname, addr_info: list }) =>
      list.map(({ local, prefixlen }) => `${ifname} ${local}/${String(prefixlen)}`),
    );
    await untilEqual(() => page.rows('addresses').map(({ link, address }) => `${String(link)} ${String(address)}`), addresses);
    interface IpRoute {
      readonly dst: string;
      readonly dev?: string;
      readonly type?: string;
    }
    const routes = ['-4', '-6'].flatMap((family) => json<IpRoute>(`-d ${family} route show table all`));
    await untilEqual(
      () => page.rows('routes').map(({ to, type, via }) => `${String(type)} ${String(to)} ${String(via).replace(/^.* on /, '')}`),
      routes.map(({ dst, dev, type }) => `${type ?? 'unicast'} ${withLength(dst)} ${dev!}`),
    );
    const neighbours = json<{ readonly dst: string; readonly dev: string; readonly lladdr: string }>('neigh');
    await untilEqual(
      () => page.rows('neighbours').map(({ address, link, mac }) => [address, link, mac].join(' ')),
      neighbours.map(({ dst, dev, lladdr }) => `${dst} ${dev} ${lladdr}`),
    );
    expect(page.infos.get('links')).to.deep.equal({ table: 'links', total: links.length, matching: links.length });
  });

  it('keeps the key of a link that is renamed: its index', async () => {
    const { ifindex } = json<{ readonly ifindex: number }>('link show dev d0')[0]!;
    namespace().ip('link set d0 name d9');
    await until(() => page.tables.get('links')!.get(String(ifindex))?.[0] === 'd9', 'the row has not the new name');
    namespace().ip('link set d9 name d0');
  });

  it('shows the rate of a link that moves', async () => {
    const lo = () => page.rates.flat().filter(([key]) => key === '1');
    namespace().run('bash', '-c', 'for i in {1..500}; do echo 123456789 > /dev/udp/127.0.0.1/9; done');
    await until(() => lo().length > 0, 'no rate of lo');
    // The loopback receives what it sends.
    for (const [, received, sent] of lo()) expect(received).to.equal(sent).and.above(0);
    const count = page.rates.length;
    await until(() => page.rates.length > count + 1, 'no rates if nothing moves');
  });

  it('shows TCP sockets as `ss` lists them', async () => {
    requirePrograms('ss', 'python3');
    const script =
      'import socket,time; s=socket.create_server(("127.0.0.1",4711)); c=socket.create_connection(("127.0.0.1",4711)); time.sleep(600)';
    const program = namespace().start('python3', '-c', script);
    try {
      await until(() => page.rows('sockets').length >= 3, 'the page has no sockets');
      const listed = namespace()
        .run('ss', '-Htan')
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/));
      const WORDS: Readonly<Record<string, string>> = { LISTEN: 'listen', ESTAB: 'established' };
      await untilEqual(
        () => page.rows('sockets').map(({ state, local, remote }) => [state, local, remote ?? '0.0.0.0:*'].join(' ')),
        listed.map(([state, , , local, remote]) => `${WORDS[state!] ?? state!} ${local!} ${remote!}`),
      );
      const listener = page.rows('sockets').find(({ state }) => state === 'listen')!;
      expect(listener['program']).to.match(/^python3.* \(\d+\)$/);
    } finally {
      program.kill('SIGKILL');
    }
  });

  it('shows the counters of nftables as `nft` lists them', async () => {
    requirePrograms('nft');
    const rules = `add table inet t; add counter inet t named; add chain inet t in { type filter hook input priority 0; };
      add rule inet t in udp dport 9 counter comment "discard"; add rule inet t in counter name named; add rule inet t in tcp dport { 80, 443 } counter`;
    namespace().run('nft', rules);
    namespace().run('bash', '-c', 'for i in {1..7}; do echo x > /dev/udp/127.0.0.1/9; done');
    // The datagrams, and the ICMP messages about them.
    await untilEqual(
      () =>
        page
          .rows('counters')
          .map(({ family, table, chain, comment, packets, counterBytes }) =>
            [family, table, chain, comment, packets, counterBytes].join('|'),
          ),
      countersOf(namespace()),
    );
    expect(page.rows('counters').find(({ comment }) => comment === 'discard')!['packets']).to.equal(7);
    expect(page.rows('counters').map(({ ruleOrCounter }) => ruleOrCounter)).to.include.members(['named', 'udp dport 9 counter']);
    namespace().run('nft', 'delete table inet t');
    await until(() => page.rows('counters').length === 0, 'the counters are still there');
  });

  it('shows the rules of a table that takes the place of one with its name and its handles', async () => {
    requirePrograms('nft');
    const load = (rule: string) =>
      namespace().run('nft', `flush ruleset; add table inet t; add chain inet t c; add rule inet t c ${rule} counter`);
    const texts = () => page.rows('counters').map(({ ruleOrCounter }) => ruleOrCounter);
    for (const rule of ['udp dport 9', 'tcp dport 443']) {
      load(rule);
      await until(() => texts().includes(`${rule} counter`), `the rule ${rule} is not shown`).catch(() => undefined);
      expect(texts()).to.deep.equal([`${rule} counter`]);
    }
    namespace().run('nft', 'flush ruleset');
  });

  it('shows a tracked connection', async function () {
    requirePrograms('nft', 'python3');
    await until(() => page.infos.has('connections'), 'the page has no connections');
    const { error } = page.infos.get('connections')!;
    if (error !== undefined) skipBecause(this, `connections cannot be read: ${error}`);
    const chain = 'add chain inet c out { type filter hook output priority 0; }';
    namespace().run('nft', `add table inet c; ${chain}; add rule inet c out ct state new counter`);
    const ends =
      's=socket.create_server(("127.0.0.1",4712)); c=socket.create_connection(("127.0.0.1",4712)); print(c.getsockname()[1],flush=True)';
    const port = namespace().run('python3', '-c', `import socket; ${ends}`).trim();
    const states = () =>
      page
        .rows('connections')
        .filter(({ from, to }) => from === `127.0.0.1:${port}` && to === '127.0.0.1:4712')
        .map(({ protocol }) => protocol);
    await until(() => states().length === 1, 'the connection is not shown');
    expect(states()).to.deep.equal(['tcp']);
    namespace().run('nft', 'delete table inet c');
  });
});
