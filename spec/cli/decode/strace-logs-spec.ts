import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { linesOf } from '../run-cli.js';
import { needsLittleEndian } from '../../support/host-order.js';
import { decodeFile, fixture, nameOf } from './decoded.js';

const LOOKUP = ['> nlctrl getfamily', '< nlctrl getfamily reply', '< nlctrl getfamily ack'];

/** The messages of each log, as the tools and the kernel exchange them. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  'ip-show.log': [
    ...['> rt-link getlink', '< rt-link getlink reply', '> rt-link getlink', '< rt-link getlink reply'],
    ...['> rt-addr getaddr dump', '< rt-addr getaddr reply', '< rt-addr getaddr reply', '< rt-addr getaddr done'],
  ],
  'ip.log': [
    ...['> rt-link newlink', '< rt-link newlink ack'],
    ...['> rt-link getlink', '< rt-link getlink reply', '> rt-addr newaddr', '< rt-addr newaddr ack'],
    ...['> rt-link getlink', '< rt-link getlink reply', '> rt-route newroute', '< rt-route newroute error'],
    ...['> rt-rule newrule', '< rt-rule newrule ack', '> rt-link getlink dump'],
    ...['< rt-link getlink reply', '< rt-link getlink reply', '< rt-link getlink reply', '< rt-link getlink done'],
    ...['> rt-neigh newneigh', '< rt-neigh newneigh ack'],
  ],
  'tc.log': [
    ...['> rt-link getlink dump', '< rt-link getlink reply', '< rt-link getlink done', '> tc newqdisc', '< tc newqdisc ack'],
    ...['> rt-link getlink dump', '< rt-link getlink reply', '< rt-link getlink done', '> tc newtclass', '< tc newtclass ack'],
    ...['> rt-link getlink dump', '< rt-link getlink reply', '< rt-link getlink done'],
    ...['> tc gettclass dump', '< tc gettclass reply', '< tc gettclass done'],
  ],
  'nft.log': [
    ...['> nftables getgen', '< nftables getgen reply', '> nftables gettable dump', '< nftables gettable done'],
    ...['> nftables getset dump', '< nftables getset done', '> nftables getgen', '< nftables getgen reply'],
    ...['> nftables batch-begin', '> nftables newtable', '> nftables newchain', '> nftables newrule', '> nftables batch-end'],
    ...['> nftables getgen', '< nftables getgen reply'],
    ...['> nftables gettable dump', '< nftables gettable reply', '< nftables gettable done'],
    ...['> nftables getchain dump', '< nftables getchain reply', '< nftables getchain done'],
    ...['> nftables getset dump', '< nftables getset done', '> nftables getobj dump', '< nftables getobj done'],
    ...['> nftables getflowtable dump', '< nftables getflowtable done'],
    ...['> nftables getrule dump', '< nftables getrule reply', '< nftables getrule done', '> nftables getgen', '< nftables getgen reply'],
  ],
  'iw.log': [
    ...[...LOOKUP, '> nl80211 get-interface', '< nl80211 get-interface reply', '< nl80211 get-interface ack'],
    // NL80211_CMD_SET_WIPHY is 2 (linux/nl80211.h); the specification of the family does not have it.
    ...['> nl80211 command 2', '< nl80211 command 2 error'],
  ],
  'wg.log': [
    // wg looks for the address of the next hop of its endpoints.
    ...['> rt-addr getaddr dump', '< rt-addr getaddr reply', '< rt-addr getaddr reply', '< rt-addr getaddr done'],
    ...[...LOOKUP, '> wireguard set-device', '< wireguard set-device ack'],
    ...[...LOOKUP, '> wireguard get-device dump', '< wireguard get-device reply', '< wireguard get-device done'],
  ],
  'ss.log': [
    ...['> sock_diag inet dump', '< sock_diag inet reply', '< sock_diag inet reply', '< sock_diag inet reply', '< sock_diag inet done'],
    ...['> sock_diag inet dump', '< sock_diag inet done'],
  ],
  'conntrack.log': [...['> conntrack new', '< conntrack new ack', '> conntrack get dump', '< conntrack get reply', '< conntrack get done']],
  'ethtool.log': [
    ...[...LOOKUP, '> ethtool features-get', '< ethtool features-get reply'],
    // ethtool asks for the names while it waits for the ack.
    ...['> ethtool strset-get', '< ethtool strset-get reply', '< ethtool strset-get ack', '< ethtool features-get ack'],
  ],
};

/** The attributes without a name, by log: those of an operation that the specification does not have. */
const UNKNOWN: Readonly<Record<string, readonly number[]>> = {
  // NL80211_ATTR_IFINDEX, WIPHY_FREQ, WIPHY_FREQ_OFFSET, CHANNEL_WIDTH, WIPHY_CHANNEL_TYPE, CENTER_FREQ1 (linux/nl80211.h).
  'iw.log': [3, 38, 290, 159, 39, 160],
};

describe('rxnetlink decode: logs of strace', () => {
  before(function () {
    // The logs are in the byte order of the machine that recorded them.
    needsLittleEndian(this);
  });

  for (const [log, names] of Object.entries(MESSAGES)) {
    it(`names every message and attribute: ${log}`, async () => {
      const messages = await decodeFile(fixture(log));
      expect(messages.map(nameOf)).to.deep.equal(names);
      const unknown = messages.flatMap((message) => message.unknown ?? []);
      expect(unknown.map(({ type }) => type)).to.deep.equal(UNKNOWN[log] ?? []);
      expect(messages.filter(({ fault }) => fault !== undefined)).to.deep.equal([]);
    });

    it(`finds the messages that strace itself decodes: ${log}`, async () => {
      const messages = await decodeFile(fixture(log));
      const seen = messages.map(({ flags, sequence, portId }) => ({ flags: flags.toSorted(), sequence, portId }));
      expect(seen).to.deep.equal(headersOf(readFileSync(fixture(log), 'utf8')));
    });
  }

  it('prints values as the tools do', async () => {
    const [lo] = (await decodeFile(fixture('ip-show.log'))).filter(({ kind }) => kind === 'reply');
    expect(lo?.value).to.include({ ifname: 'lo', mtu: 65_536, qdisc: 'noqueue' });
    const [address] = (await decodeFile(fixture('ip.log'))).filter(({ operation }) => operation === 'newaddr');
    expect(address?.value).to.include({ local: '192.0.2.1', ifaPrefixlen: 24 });
    const [entry] = (await decodeFile(fixture('conntrack.log'))).filter(({ kind }) => kind === 'reply');
    expect(entry?.value).to.have.nested.include({ 'tupleOrig.tupleIp.ipV4Src': '10.0.0.1', 'tupleOrig.tupleProto.protoDstPort': 80 });
    const [peer] = (await decodeFile(fixture('wg.log'))).filter(({ operation }) => operation === 'get-device').slice(1);
    expect(peer?.value).to.have.nested.include({ ifname: 'wg0', listenPort: 51_820, 'peers[0].persistentKeepaliveInterval': 25 });
    const lines = await linesOf('decode', fixture('nft.log'));
    for (const line of ['  table: t', '  name: c', '    priority: 0', '      name: counter']) expect(lines).to.include(line);
  });

  it('prints errors with what the kernel adds to them', async () => {
    const [route] = (await decodeFile(fixture('ip.log'))).filter(({ kind }) => kind === 'error');
    expect(route?.error).to.deep.include({ code: 'ENETDOWN', errno: -100, extendedAck: { message: 'Nexthop device is not up' } });
    const [channel] = (await decodeFile(fixture('iw.log'))).filter(({ kind }) => kind === 'error');
    expect(channel?.error).to.deep.include({ code: 'EINVAL', errno: -22 });
    expect(channel?.error?.message).to.include('Unknown channel');
    const text = await linesOf('decode', fixture('iw.log'));
    expect(text.at(-1)).to.match(/^< {2}\d+ {2}nl80211: EINVAL command 2: Unknown channel/);
  });

  it('prints of key material the length only', async () => {
    const text = (await linesOf('decode', fixture('wg.log'))).join('\n');
    const json = JSON.stringify(await decodeFile(fixture('wg.log')));
    const key = Buffer.from('QK0mGnPZSGCRrm5bZ0eOgQ0pSHvjbFZgqPCGwTqLXVc=', 'base64').toString('hex');
    // The log has the key in the attribute: it would be found if it were printed.
    expect(readFileSync(fixture('wg.log'), 'utf8')).to.include(key.slice(0, 8).replaceAll(/..(?=.)/g, '$& '));
    for (const printed of [text, json]) {
      expect(printed).to.include('<secret, 32 bytes>');
      expect(printed).to.not.include(key.slice(0, 16));
    }
  });
});

/** Reads the headers that strace decodes, of each call that returned a message and did not peek at it. */
function headersOf(log: string): { flags: string[]; sequence: number; portId: number }[] {
  return log
    .split('\n')
    .filter((line) => /\) += [1-9]\d*$/.test(line) && !line.includes('MSG_PEEK'))
    .flatMap((line) => [
      ...line.matchAll(
        /(?<!msg=|msg=\[)\{nlmsg_len=[1-9]\d*, nlmsg_type=[^,]+, nlmsg_flags=([^,]+), nlmsg_seq=(-?\d+), nlmsg_pid=(-?\d+)\}/g,
      ),
    ])
    .map(([, flags = '', sequence, portId]) => ({ flags: flagsOf(flags), sequence: Number(sequence) >>> 0, portId: Number(portId) >>> 0 }));
}

const OTHER_NAMES: Readonly<Record<string, string>> = { excl: 'exclusive', 'ack-tlvs': 'extended-ack' };

function flagsOf(text: string): string[] {
  if (text === '0') return [];
  const names = text.split('|').map((flag) => flag.replace('NLM_F_', '').toLowerCase().replaceAll('_', '-'));
  return names.map((name) => OTHER_NAMES[name] ?? name).toSorted();
}
