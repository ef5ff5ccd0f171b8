import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { omitUndefined } from '../../../lib/check/index.js';
import { useNamespace } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';

const root = resolve(import.meta.dirname, '../../..');
const monitor = ['--import', 'tsx', join(root, 'examples/monitor.ts')];

/* The compared properties of the output of `ip -j`. */
interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly address?: string;
  readonly addr_info?: readonly { family: string; local: string; address?: string; prefixlen: number }[];
}
interface IpWay {
  readonly gateway?: string;
  readonly via?: { host: string };
  readonly dev?: string;
  readonly weight?: number;
}
interface IpRoute extends IpWay {
  readonly type?: string;
  readonly dst: string;
  readonly table?: string;
  readonly metric?: number;
  readonly nexthops?: readonly IpWay[];
}

const TABLES: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };

describe('examples/monitor.ts', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const ipJson = (line: string): unknown => JSON.parse(namespace().ip(`-j ${line}`));

  before(() => {
    const setup = `
      link add v0 type veth peer name v1
      link add v2 type veth peer name v3
      link add br0 type bridge
      link set v2 master br0
      link add vx0 type vxlan id 42 dev v0 dstport 4789
      link add mv0 link v1 type macvlan mode bridge
      link add mv1 link v3 type macvlan
      link set v0 mtu 1400
      link set v0 up
      link set v1 up
      link set v2 up
      link set br0 up
      link set mv0 up
      link set mv1 up
      link set vx0 up
      address add 192.0.2.1/24 dev v0
      address add 192.0.2.2/24 dev v0
      address add 10.1.1.1 peer 10.1.1.2/32 dev v1
      address add 198.51.100.1/25 dev br0
      address add 2001:db8::1/64 dev v0 nodad
      address add 2001:db8:1::1 peer 2001:db8:1::2 dev v1 nodad
      route add default via 192.0.2.254
      route add default via 2001:db8::fe
      route add 203.0.113.0/24 nexthop via 192.0.2.10 dev v0 weight 3 nexthop via 10.1.1.2 dev v1
      route add 203.0.113.0/25 via 192.0.2.11 metric 77 table 1000
      route add 10.2.0.0/16 via inet6 2001:db8::10 dev v0
      route add blackhole 10.3.0.0/16
      route add unreachable 10.4.0.0/16 table 70000
      route add 2001:db8:2::/48 nexthop via 2001:db8::11 nexthop via 2001:db8::12 weight 5
      route add 2001:db8:3::5 via 2001:db8::13 table 1000
      route add prohibit 2001:db8:4::/48`;
    namespace().batch(setup.trim().split(/\n */));
  });

  /** Returns what the monitor should print, from the output of `ip`. */
  function expected(): Record<'links' | 'addresses' | 'routes', object[]> {
    const links = ipJson('link') as IpLink[];
    const indexOf = (dev: string) => links.find(({ ifname }) => ifname === dev)!.ifindex;
    const way = ({ gateway, via, dev }: IpWay) => ({
      ...((gateway ?? via) === undefined ? {} : { gateway: gateway ?? via?.host }),
      ...(dev === undefined ? {} : { oif: indexOf(dev) }),
    });
    const route = (family: string, bits: number) => (row: IpRoute) => {
      const [destination, length] = row.dst.split('/');
      return {
        family,
        type: row.type ?? 'unicast',
        destination,
        prefixLength: destination === 'default' ? 0 : Number(length ?? bits),
        table: TABLES[row.table ?? 'main'] ?? Number(row.table),
        ...omitUndefined({ metric: row.metric }),
        ...way(row),
        ...(row.nexthops === undefined ? {} : { nexthops: row.nexthops.map((hop) => ({ ...way(hop), weight: hop.weight })) }),
      };
    };
    return {
      links: links.map(({ ifindex, ifname, mtu, flags, address }) => ({
        index: ifindex,
        name: ifname,
        mtu,
        flags,
        ...omitUndefined({ address }),
      })),
      addresses: (ipJson('address') as IpLink[]).flatMap(({ ifindex, addr_info = [] }) =>
        addr_info.map(({ family, local, address, prefixlen }) => ({
          index: ifindex,
          family,
          address: local,
          prefixLength: prefixlen,
          ...omitUndefined({ peer: address }),
        })),
      ),
      routes: [
        ...(ipJson('-4 route show table all') as IpRoute[]).map(route('inet', 32)),
        ...(ipJson('-6 route show table all') as IpRoute[]).map(route('inet6', 128)),
      ],
    };
  }

  /** Sorts rows, and the properties of each row, so that their order does not depend on the program. */
  function canonical(rows: readonly object[]): object[] {
    const texts = rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))));
    return texts.sort().map((text) => JSON.parse(text) as object);
  }

  it('prints with --once what ip prints, field by field', () => {
    // Links change their state after setup: compare when nothing has changed in between.
    for (let attempt = 0; ; attempt++) {
      const before = expected();
      const start = ['npm', 'start', '--silent', '--', '--once'];
      const { stdout, stderr, status } = spawnSync('nsenter', [`--net=${namespace().path}`, '--', ...start], {
        cwd: root,
        encoding: 'utf8',
      });
      expect({ stderr, status }).to.deep.equal({ stderr: '', status: 0 });
      if (JSON.stringify(before) !== JSON.stringify(expected()) && attempt < 10) continue;

      const lines = stdout.trimEnd().split('\n');
      const printed = JSON.parse(lines.at(-1)!) as Record<'links' | 'addresses' | 'routes', object[]>;
      // `ip` shows the lower link by name, which is not compared.
      const links = printed.links.map((link) => ({ ...link, lower: undefined }));
      expect(Object.keys(printed)).to.deep.equal(['links', 'addresses', 'routes']);
      expect(canonical(links)).to.deep.equal(canonical(before.links));
      expect(canonical(printed.addresses)).to.deep.equal(canonical(before.addresses));
      expect(canonical(printed.routes)).to.deep.equal(canonical(before.routes));
      // The comparison must include these cases.
      expect(before.links).to.have.lengthOf.at.least(9);
      expect(JSON.stringify(before)).to.contain('M-DOWN').and.contain('"nexthops"').and.contain('"table":70000').and.contain('"peer"');
      return;
    }
  });

  it('prints changes when they occur, and exits with code 0 at Ctrl-C', async () => {
    const child = namespace().start(process.execPath, ...monitor);
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout! });
    const seen = (pattern: RegExp) => lines.some((line) => pattern.test(line));
    const line = async (pattern: RegExp) => {
      while (!seen(pattern)) await once(output, 'line');
    };
    output.on('line', (text) => lines.push(text));
    try {
      await line(/^watching/);
      expect(
        seen(/^ {2}inet 203\.0\.113\.0\/24 nexthop via 192\.0\.2\.10 dev v0 weight 3 nexthop via 10\.1\.1\.2 dev v1 weight 1 table main$/),
      ).to.equal(true);
      namespace().ip('link add br9 type bridge');
      await line(/new {5}link \d+: br9 <BROADCAST,MULTICAST> mtu 1500/);
      namespace().ip('link set br9 mtu 1300 up');
      await line(/changed link \d+: br9 <.*UP.*> mtu 1300/);
      namespace().ip('address add 192.0.2.99/32 dev br9');
      await line(/new {5}address inet 192\.0\.2\.99\/32 dev br9/);
      namespace().ip('route add 192.0.2.128/25 dev v0 metric 9');
      await line(/new {5}route inet 192\.0\.2\.128\/25 dev v0 metric 9 table main/);
      namespace().ip('-6 route del 2001:db8:3::5 table 1000');
      await line(/gone {4}route inet6 2001:db8:3::5\/128 via 2001:db8::13 dev v0 metric 1024 table 1000/);
      namespace().ip('link del br9');
      await line(/gone {4}link \d+: br9/);
    } finally {
      child.kill('SIGINT');
    }
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect({ code, signal }).to.deep.equal({ code: 0, signal: null });
  });

  it('reads everything again after events were lost', async () => {
    const child = namespace().start('sh', '-c', 'exec 2>&1; exec "$@"', 'sh', process.execPath, ...monitor);
    const exit = once(child, 'exit');
    const output = createInterface({ input: child.stdout! });
    const lines: string[] = [];
    output.on('line', (text) => lines.push(text));
    const times = async (count: number) => {
      while (lines.filter((text) => text.startsWith('watching')).length < count) await once(output, 'line');
    };
    await times(1);
    child.kill('SIGSTOP');
    const routes = Array.from({ length: 20_000 }, (_, index) => `10.99.${index >> 8}.${index & 255}`);
    namespace().batch(routes.map((route) => `route add ${route} dev v0 table 99`));
    child.kill('SIGCONT');
    await times(2);
    namespace().ip('route flush table 99');
    child.kill('SIGINT');
    expect(await exit).to.deep.equal([0, null]);
    expect(lines.filter((text) => /^\d+ datagrams were lost/.test(text))).to.have.lengthOf.at.least(1);
    const again = lines.slice(lines.findIndex((text) => text.includes('were lost')));
    const snapshot = again.filter((text) => text.startsWith('  inet 10.99.'));
    expect(snapshot).to.have.lengthOf(routes.length);
  });
});
