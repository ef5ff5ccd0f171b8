import { expect } from 'chai';
import { devicesOf, type LinkRow } from '../../lib/exporter/collectors/devices.js';
import { linkCounters } from '../../lib/exporter/collectors/link-counters.js';
import { linkModesOf, linkSpeeds } from '../../lib/exporter/collectors/link-modes.js';
import { linkProperties } from '../../lib/exporter/collectors/link-properties.js';
import { namedCounters } from '../../lib/exporter/collectors/named-counters.js';
import { arpEntries } from '../../lib/exporter/collectors/neighbours.js';
import { qdiscCounters } from '../../lib/exporter/collectors/qdiscs.js';
import { trackingMetrics } from '../../lib/exporter/collectors/tracking.js';
import type { MetricFamily } from '../../lib/exporter/text/metric-family.js';
import { metricsText } from '../../lib/exporter/text/metrics-text.js';

const row = (ifiIndex: number, ifname: string, rest: Partial<LinkRow> = {}): LinkRow => ({
  ifiIndex,
  ifname,
  ifiType: 1,
  ifiFlags: 0,
  ...rest,
});
const all = (...rows: readonly LinkRow[]) => devicesOf(rows, () => true);
/** Returns the series by their names with labels. */
const seriesOf = (families: readonly MetricFamily[]): Record<string, string> =>
  Object.fromEntries(
    metricsText(families)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );

describe('devicesOf', () => {
  it('omits unwanted links, and gives a name that occurs again the index', () => {
    const devices = devicesOf([row(1, 'lo'), row(2, '\ufffd'), row(3, '\ufffd'), row(4, 'eth0')], (name) => name !== 'lo');
    expect([...devices].map(([index, { labels }]) => [index, labels])).to.deep.equal([
      [2, '{device="\ufffd"}'],
      [3, '{device="\ufffd (index 3)"}'],
      [4, '{device="eth0"}'],
    ]);
  });
});

describe('metrics of links', () => {
  it('have the flags of sysfs: without those that netlink computes, and with the modes that are counted', () => {
    // IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST | IFF_LOWER_UP, as of a port of a bridge.
    const port = row(7, 'p', { ifiFlags: 0x1_1043, promiscuity: 1, allmulti: 0 });
    const series = seriesOf(linkProperties([...all(port).values()], new Map()));
    expect(series['node_network_flags{device="p"}']).to.equal(String(0x1103));
    expect(series['node_network_dormant{device="p"}']).to.equal('0');
    const dormant = row(8, 'd', { ifiFlags: 0x2_0041, allmulti: 2, linkmode: 'dormant', operstate: 'dormant' });
    const others = seriesOf(linkProperties([...all(dormant).values()], new Map()));
    expect(others['node_network_flags{device="d"}']).to.equal(String(0x201));
    expect(others['node_network_dormant{device="d"}']).to.equal('1');
    expect(others['node_network_iface_link_mode{device="d"}']).to.equal('1');
    expect(others['node_network_up{device="d"}']).to.equal('0');
  });

  it('have no series for what the kernel does not send', () => {
    expect(Object.keys(seriesOf(linkProperties([...all(row(3, 'x')).values()], new Map())))).to.deep.equal([
      'node_network_info{device="x",address="",adminstate="down",broadcast="",duplex="",ifalias="",operstate="unknown"}',
      'node_network_up{device="x"}',
      'node_network_dormant{device="x"}',
      'node_network_flags{device="x"}',
      'node_network_iface_id{device="x"}',
      'node_network_iface_link{device="x"}',
      'node_network_protocol_type{device="x"}',
    ]);
    expect(linkCounters([...all(row(3, 'x')).values()]).flatMap(({ samples }) => samples)).to.deep.equal([]);
  });

  it('have the speed in bytes a second and the duplex mode, if they are known', () => {
    const modes = linkModesOf([
      { header: { devIndex: 2 }, speed: 10_000, duplex: 1 },
      { header: { devIndex: 3 }, speed: 0xffff_ffff, duplex: 255 },
      { header: { devIndex: 4 }, speed: 100, duplex: 0 },
    ]);
    const devices = [...all(row(2, 'a'), row(3, 'b'), row(4, 'c'), row(5, 'd')).values()];
    expect(seriesOf([linkSpeeds(devices, modes)])).to.deep.equal({
      'node_network_speed_bytes{device="a"}': '1250000000',
      'node_network_speed_bytes{device="c"}': '12500000',
    });
    const infos = Object.keys(seriesOf(linkProperties(devices, modes))).filter((name) => name.startsWith('node_network_info'));
    expect(infos.map((name) => /duplex="(\w*)"/.exec(name)![1])).to.deep.equal(['full', 'unknown', 'half', '']);
  });
});

describe('metrics of other tables', () => {
  it('count the root qdiscs of wanted links only', () => {
    const stats2 = {
      basic: { bytes: 2n ** 63n, packets: 5 },
      queue: { qlen: 1, backlog: 2, drops: 3, requeues: 4, overlimits: 6 },
      pkt64: 2n ** 33n,
    };
    const rows = [
      { ifindex: 2, parent: 0xffff_ffff, kind: 'htb', stats2 } as const,
      { ifindex: 2, parent: 0x1_0001, kind: 'fq', stats2 } as const,
      { ifindex: 2, parent: 0xffff_fff1, kind: 'clsact', stats2 } as const,
      { ifindex: 9, parent: 0xffff_ffff, kind: 'fq', stats2 } as const,
    ];
    expect(seriesOf(qdiscCounters(rows, all(row(2, 'eth0'))))).to.deep.equal({
      'node_qdisc_bytes_total{device="eth0",kind="htb"}': '9223372036854775808',
      'node_qdisc_packets_total{device="eth0",kind="htb"}': '8589934592',
      'node_qdisc_drops_total{device="eth0",kind="htb"}': '3',
      'node_qdisc_requeues_total{device="eth0",kind="htb"}': '4',
      'node_qdisc_overlimits_total{device="eth0",kind="htb"}': '6',
      'node_qdisc_current_queue_length{device="eth0",kind="htb"}': '1',
      'node_qdisc_backlog{device="eth0",kind="htb"}': '2',
    });
  });

  it('count ARP entries that need ARP', () => {
    // NUD_REACHABLE, NUD_NOARP, NUD_PERMANENT.
    const rows = [2, 0x40, 0x80].map((ndmState) => ({ ndmIfindex: 2, ndmState }));
    expect(seriesOf([arpEntries([...rows, { ndmIfindex: 9, ndmState: 2 }], all(row(2, 'eth0')))])).to.deep.equal({
      'node_arp_entries{device="eth0"}': '2',
    });
  });

  it('have the sums of the statistics of all processors', () => {
    const rows = [
      { found: 0xffff_ffff, drop: 1 },
      { found: 1, drop: 2, clashResolve: 3 },
    ];
    const series = seriesOf(trackingMetrics({ entries: 4, maxEntries: 5 }, rows));
    expect(series['node_nf_conntrack_entries']).to.equal('4');
    expect(series['node_nf_conntrack_entries_limit']).to.equal('5');
    expect(series['node_nf_conntrack_stat_found']).to.equal('4294967296');
    expect(series['node_nf_conntrack_stat_drop']).to.equal('3');
    expect(series['node_nf_conntrack_stat_ignore'], 'newer kernels do not send it').to.equal('0');
    expect(series['rxnetlink_conntrack_clashes_resolved_total']).to.equal('3');
  });

  it('have the counters of nftables that have a name, and no other objects', () => {
    const counter = { version: 0, resId: 0, table: 't', type: 'counter' } as const;
    expect(
      seriesOf(
        namedCounters([
          { ...counter, nfgenFamily: 1, name: 'a "b"', data: { packets: 2n ** 64n - 1n, bytes: 1n } },
          { ...counter, nfgenFamily: 99, name: 'c' },
          { version: 0, resId: 0, nfgenFamily: 1, table: 't', name: 'q', type: 'quota' },
        ]),
      ),
    ).to.deep.equal({
      'rxnetlink_nftables_packets_total{family="inet",table="t",name="a \\"b\\""}': '18446744073709551615',
      'rxnetlink_nftables_packets_total{family="99",table="t",name="c"}': '0',
      'rxnetlink_nftables_bytes_total{family="inet",table="t",name="a \\"b\\""}': '1',
      'rxnetlink_nftables_bytes_total{family="99",table="t",name="c"}': '0',
    });
  });
});
