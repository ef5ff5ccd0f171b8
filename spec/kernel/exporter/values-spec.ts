import { expect } from 'chai';
import { run, skipBecause, useNamespace } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';
import { startExporter, type Scraped, type Series } from './scraped.js';

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly link_index?: number;
  readonly mtu: number;
  readonly operstate: string;
  readonly txqlen?: number;
  readonly address?: string;
  readonly broadcast?: string;
  readonly stats64: { readonly rx: Readonly<Record<string, number>>; readonly tx: Readonly<Record<string, number>> };
}

/** The columns of /proc/net/dev, as node_exporter names them. */
const COLUMNS = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map((name) => `receive_${name}`),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map((name) => `transmit_${name}`),
];

/** The files of /sys/class/net with the values of metrics. */
const FILES = {
  carrier: 'carrier',
  carrier_changes: 'carrier_changes_total',
  carrier_up_count: 'carrier_up_changes_total',
  carrier_down_count: 'carrier_down_changes_total',
  dormant: 'dormant',
  flags: 'flags',
  ifindex: 'iface_id',
  iflink: 'iface_link',
  link_mode: 'iface_link_mode',
  mtu: 'mtu_bytes',
  netdev_group: 'net_dev_group',
  tx_queue_len: 'transmit_queue_length',
  type: 'protocol_type',
};

/** Python that sends UDP packets over the loopback. */
const PACKETS = `
import socket
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(5): sender.sendto(b'x' * 500, ('127.0.0.1', 9))
`;

/** Python that listens, connects, and keeps sockets in several states until its standard input ends. */
const SOCKETS = `
import socket, sys
listener = socket.create_server(('127.0.0.1', 0))
six = socket.create_server(('::1', 0), family=socket.AF_INET6)
ends = [socket.create_connection(listener.getsockname()) for _ in range(3)]
accepted = [listener.accept()[0] for _ in range(3)]
ends[0].sendall(b'x' * 1000)
ends[1].close()
print('ready', flush=True)
sys.stdin.read()
`;

describe('values of rxnetlink exporter', function () {
  this.timeout(60_000);
  usePrograms('ip', 'tc', 'ss', 'nft', 'python3');
  const namespace = useNamespace();
  let scraped: Scraped | undefined;

  before(async () => {
    const { batch, run: inside } = namespace();
    batch([
      'link add a0 type veth peer name b0',
      'link add br0 type bridge',
      'link set a0 master br0 up',
      'link set b0 mtu 9000 txqueuelen 77 alias some-text up',
      'link set br0 up',
      'link add d0 type bridge',
      'link set d0 group 5 promisc on',
      'address add 192.0.2.1/24 dev br0',
      'neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev br0',
      'neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev br0 nud noarp',
      'neigh add proxy 192.0.2.4 dev br0',
    ]);
    inside('python3', '-c', PACKETS);
    scraped = await startExporter(namespace().path);
  });
  after(() => scraped?.close());

  /** Reads a program before and after a scrape, until both readings are equal: then nothing changed between them. */
  const compared = async <T>(read: () => T): Promise<[Series, T]> => {
    for (;;) {
      const before = read();
      const series = await scraped!.series();
      const after = read();
      if (JSON.stringify(before) === JSON.stringify(after)) return [series, after];
    }
  };

  it('has every collector with success', async () => {
    const series = await scraped!.series();
    const failed = [...series].filter(([name, value]) => name.startsWith('rxnetlink_scrape_collector_success') && value !== '1');
    expect(failed).to.deep.equal([]);
    expect(scraped!.events.filter(({ kind }) => kind === 'failed')).to.deep.equal([]);
  });

  it('has the properties and counters of `ip -j -s link`', async () => {
    const [series, links] = await compared(() => JSON.parse(namespace().ip('-j -s link')) as IpLink[]);
    expect(links.map(({ ifname }) => ifname)).to.include.members(['lo', 'a0', 'b0', 'br0', 'd0']);
    for (const link of links) {
      const value = (name: string): string | undefined => series.get(`node_network_${name}{device="${link.ifname}"}`);
      const { rx, tx } = link.stats64;
      expect(
        [
          ...['iface_id', 'mtu_bytes', 'transmit_queue_length', 'up'],
          ...['receive_bytes_total', 'receive_packets_total', 'receive_multicast_total', 'receive_errs_total'],
          ...['transmit_bytes_total', 'transmit_packets_total', 'transmit_drop_total', 'transmit_colls_total'],
        ].map(value),
        link.ifname,
      ).to.deep.equal(
        [
          ...[link.ifindex, link.mtu, link.txqlen, link.operstate === 'UP' ? 1 : 0],
          ...[rx['bytes'], rx['packets'], rx['multicast'], rx['errors'], tx['bytes'], tx['packets'], tx['dropped'], tx['collisions']],
        ].map(String),
      );
      const info = [...series.keys()].find((name) => name.startsWith(`node_network_info{device="${link.ifname}"`))!;
      expect(info).to.include(`address="${link.address!}"`).and.include(`broadcast="${link.broadcast!}"`);
      expect(info).to.include(`operstate="${link.operstate.toLowerCase()}"`);
    }
    expect(series.get('node_network_receive_bytes_total{device="lo"}')).to.not.equal('0');
    expect([...series.keys()].find((name) => name.startsWith('node_network_info{device="b0"'))).to.include('ifalias="some-text"');
  });

  it('has the columns of /proc/net/dev', async () => {
    const [series, lines] = await compared(() => namespace().run('cat', '/proc/net/dev').trim().split('\n').slice(2));
    expect(lines.length).to.be.at.least(5);
    for (const line of lines) {
      const [device, ...values] = line.trim().split(/:?\s+/);
      const found = COLUMNS.map((column) => series.get(`node_network_${column}_total{device="${device!}"}`));
      expect(found, device).to.deep.equal(values);
    }
  });

  it('has the values of /sys/class/net, which node_exporter reads', async function () {
    const { name } = namespace();
    if (name === undefined) skipBecause(this, 'sysfs shows a namespace with a name only');
    // `ip netns exec` mounts the sysfs of the namespace.
    const script = `cd /sys/class/net && for link in *; do for file in ${Object.keys(FILES).join(' ')} speed duplex; do echo "$link $file $(cat $link/$file 2>/dev/null)"; done; done`;
    const [series, lines] = await compared(() => run('ip', ['netns', 'exec', name, 'sh', '-c', script]));
    let compares = 0;
    for (const line of lines.trim().split('\n')) {
      const [link, file, text = ''] = line.split(' ');
      if (text === '' || !Object.hasOwn(FILES, file!)) continue;
      const metric = FILES[file as keyof typeof FILES];
      expect(series.get(`node_network_${metric}{device="${link!}"}`), `${link!} ${file!}`).to.equal(String(Number(text)));
      compares++;
    }
    expect(compares).to.be.at.least(50);
    const speed = /^b0 speed (\d+)$/m.exec(lines)?.[1];
    expect(series.get('node_network_speed_bytes{device="b0"}')).to.equal(String(Number(speed) * 125_000));
    expect([...series.keys()].find((key) => key.startsWith('node_network_info{device="b0"'))).to.include('duplex="full"');
  });

  it('has the counters of the root qdiscs of `tc -j -s qdisc`', async () => {
    const { run: inside } = namespace();
    inside('tc', 'qdisc', 'replace', 'dev', 'lo', 'root', 'handle', '1:', 'htb');
    inside('tc', 'qdisc', 'replace', 'dev', 'd0', 'root', 'pfifo', 'limit', '10');
    inside('tc', 'qdisc', 'replace', 'dev', 'lo', 'clsact');
    inside('python3', '-c', PACKETS);
    type Qdisc = Readonly<Record<string, number | string | boolean>>;
    const [series, qdiscs] = await compared(() => JSON.parse(inside('tc', '-j', '-s', 'qdisc')) as Qdisc[]);
    const roots = qdiscs.filter(({ root }) => root === true);
    const expected = roots.flatMap((qdisc) => {
      const labels = `{device="${String(qdisc['dev'])}",kind="${String(qdisc['kind'])}"}`;
      return (['bytes', 'packets', 'drops', 'requeues', 'overlimits'] as const)
        .map((name) => [`node_qdisc_${name}_total${labels}`, String(qdisc[name])])
        .concat([
          [`node_qdisc_current_queue_length${labels}`, String(qdisc['qlen'])],
          [`node_qdisc_backlog${labels}`, String(qdisc['backlog'])],
        ]);
    });
    const found = [...series].filter(([name]) => name.startsWith('node_qdisc_'));
    expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(expected));
    expect(series.get('node_qdisc_packets_total{device="lo",kind="htb"}')).to.not.equal('0');
  });

  it('has the number of ARP entries of /proc/net/arp, without proxies (ATF_PUBL)', async () => {
    const [series, lines] = await compared(() => namespace().run('cat', '/proc/net/arp').trim().split('\n').slice(1));
    const rows = lines.map((line) => line.split(/\s+/));
    expect(rows.map(([address, , flags]) => [address, Number(flags) & 8])).to.deep.equal([
      ['192.0.2.2', 0],
      ['192.0.2.4', 8],
    ]);
    expect([...series].filter(([name]) => name.startsWith('node_arp'))).to.deep.equal([['node_arp_entries{device="br0"}', '1']]);
  });

  it('has the states of `ss -tan`', async () => {
    const child = namespace().start('python3', '-c', SOCKETS);
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    const [series, lines] = await compared(() => namespace().run('ss', '-Htan').trim().split('\n'));
    const names: Readonly<Record<string, string>> = {
      ESTAB: 'established',
      LISTEN: 'listen',
      'FIN-WAIT-2': 'fin_wait2',
      'CLOSE-WAIT': 'close_wait',
    };
    const counts: Record<string, number> = {};
    let received = 0;
    let sent = 0;
    for (const line of lines) {
      const [state, rqueue, wqueue] = line.split(/\s+/);
      counts[names[state!]!] = (counts[names[state!]!] ?? 0) + 1;
      received += Number(rqueue);
      sent += Number(wqueue);
    }
    expect(counts).to.deep.equal({ listen: 2, established: 4, fin_wait2: 1, close_wait: 1 });
    const found = [...series].filter(([name, value]) => name.startsWith('node_tcp_connection_states') && value !== '0');
    const expected = Object.entries({ ...counts, rx_queued_bytes: received, tx_queued_bytes: sent });
    expect(Object.fromEntries(found)).to.deep.equal(
      Object.fromEntries(expected.map(([state, count]) => [`node_tcp_connection_states{state="${state}"}`, String(count)])),
    );
    expect(received).to.be.at.least(1000);
    expect(series.get('node_tcp_connection_states{state="time_wait"}')).to.equal('0');
    child.kill('SIGKILL');
  });

  it('has the counters of `nft -j list counters`', async () => {
    const { run: inside } = namespace();
    inside(
      'nft',
      'add table inet t; add counter inet t used { packets 3 bytes 4 }; add counter inet t other; add table ip other; ' +
        'add counter ip other used; add quota inet t q { 5 mbytes }; add chain inet t c { type filter hook input priority 0; }; ' +
        'add rule inet t c counter name used',
    );
    inside('python3', '-c', PACKETS);
    interface NftCounter {
      readonly family: string;
      readonly table: string;
      readonly name: string;
      readonly packets: number;
      readonly bytes: number;
    }
    const [series, { nftables }] = await compared(
      () => JSON.parse(inside('nft', '-j', 'list', 'counters')) as { readonly nftables: readonly { readonly counter?: NftCounter }[] },
    );
    const expected = nftables.flatMap(({ counter }) => {
      if (counter === undefined) return [];
      const labels = `{family="${counter.family}",table="${counter.table}",name="${counter.name}"}`;
      return (['packets', 'bytes'] as const).map((unit) => [`rxnetlink_nftables_${unit}_total${labels}`, String(counter[unit])]);
    });
    expect(expected).to.have.length(6);
    const found = [...series].filter(([name]) => name.startsWith('rxnetlink_nftables_'));
    expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(expected));
    expect(Number(series.get('rxnetlink_nftables_packets_total{family="inet",table="t",name="used"}'))).to.be.at.least(8);
  });

  it('has the statistics of /proc/net/stat/nf_conntrack, and the size of the table', async () => {
    const { run: inside } = namespace();
    inside(
      'nft',
      'add table ip track; add chain ip track c { type filter hook input priority 0; }; add rule ip track c ct state new accept',
    );
    inside('python3', '-c', PACKETS);
    const [series, [stats, count, limit]] = await compared(() => [
      inside('cat', '/proc/net/stat/nf_conntrack').trim().split('\n'),
      inside('cat', '/proc/sys/net/netfilter/nf_conntrack_count').trim(),
      inside('cat', '/proc/sys/net/netfilter/nf_conntrack_max').trim(),
    ]);
    expect(series.get('node_nf_conntrack_entries')).to.equal(count);
    expect(series.get('node_nf_conntrack_entries_limit')).to.equal(limit);
    const [head, ...rows] = (stats as readonly string[]).map((line) => line.trim().split(/\s+/));
    for (const name of ['found', 'invalid', 'ignore', 'insert', 'insert_failed', 'drop', 'early_drop', 'search_restart']) {
      const column = head!.indexOf(name);
      const sum = rows.reduce((total, row) => total + BigInt(`0x${row[column]!}`), 0n);
      expect(series.get(`node_nf_conntrack_stat_${name}`), name).to.equal(String(sum));
    }
  });
});
