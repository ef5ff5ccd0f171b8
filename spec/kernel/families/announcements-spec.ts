import { expect } from 'chai';
import { rtNd, type RtNdFamily } from '../../../lib/families/rt-nd.js';
import { rtRoute, type RtRouteFamily } from '../../../lib/families/rt-route.js';
import type { FamilyClient } from '../../../lib/index.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { spawn, usePrograms } from '../../support/programs.js';
import { collect, until, type Collected } from '../../support/sockets.js';

const FOREVER = 0xffffffff;

/** Sends bytes from a link-local address to all nodes, as ICMPv6. */
const ADVERTISE = `
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
i = socket.if_nametoindex('v1')
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
s.bind(('fe80::1', 0, 0, i))
s.sendto(bytes.fromhex(sys.argv[1]), ('ff02::1', 0, 0, i))
`;

/** Makes v0 the first interface of a multicast router (linux/mroute.h, linux/mroute6.h), and lets frames of the arguments arrive on it. */
const ROUTER = `
import socket, struct, sys
i = socket.if_nametoindex('v0')
four = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP)
four.setsockopt(0, 200, struct.pack('=i', 1))
four.setsockopt(0, 202, struct.pack('=HBBIiI', 0, 8, 1, 0, i, 0))
six = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
six.setsockopt(41, 200, struct.pack('=i', 1))
six.setsockopt(41, 202, struct.pack('=HBBHxxI', 0, 0, 1, i, 0))
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(('v1', 0))
for frame in sys.argv[1:]: out.send(bytes.fromhex(frame))
sys.stdin.read(1)
`;

const PREFIX = '030440c0' + '00000e10' + '00000708' + '00000000' + '20010db8007700000000000000000000';
const ENDLESS = '03043880' + 'ffffffff' + 'ffffffff' + '00000000' + '20010db8007800000000000000000000';
const SERVERS = '19030000' + '00000258' + '20010db8000000000000000000000053';
const ADVERTISEMENT = '86000000' + '40000708' + '00000000' + '00000000' + PREFIX + ENDLESS + SERVERS;

/** UDP from 10.88.0.9 to 239.8.8.8, and from 2001:db8:88::9 to ff15::88; the packets have no checksums of UDP. */
const HEADER4 = '4500001c000000000811' + 'b160' + '0a580009ef080808';
const FRAME4 = `01005e0808080200000000090800${HEADER4}0fa00fa000080000`;
const HEADER6 = '6000000000081108' + '20010db8008800000000000000000009' + 'ff150000000000000000000000000088';
const FRAME6 = `33330000008802000000000986dd${HEADER6}0fa00fa000080000`;

type Option = RtNdFamily['notifications']['newnduseropt'];

describe('events of IPv6 router advertisements and of multicast routers', () => {
  const namespace = useNamespace();
  usePrograms('ip', 'python3');
  let index = 0;

  before(() => {
    namespace().batch([
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'link set v1 up',
      'addr add fe80::2/64 dev v0 nodad',
      'addr add fe80::1/64 dev v1 nodad',
      'addr add 10.88.0.1/24 dev v0',
    ]);
    index = (JSON.parse(namespace().ip('-j link show v0')) as { ifindex: number }[])[0]!.ifindex;
  });

  describe('rtNd', () => {
    let client: FamilyClient<RtNdFamily>;
    let events: Collected<{ readonly value: object }>[];

    beforeEach(() => {
      client = rtNd({ netns: namespace().path });
      events = (['rtnlgrp-ipv6-prefix', 'rtnlgrp-nd-useropt'] as const).map((group) => collect(client.notifications(group)));
      client.socket.connect();
    });
    afterEach(() => {
      client.close();
    });

    it('emits the prefixes and the options of an advertisement', async () => {
      const monitor = namespace().start('ip', 'monitor', 'prefix', 'link');
      let shown = '';
      const prefixes = (): readonly string[] => shown.split('\n').filter((line) => line.includes('prefix'));
      monitor.stdout?.on('data', (part: Buffer) => (shown += part.toString()));
      /** Newer kernels report prefixes also as options. */
      const servers = (): Option | undefined =>
        events[1]!.values.map(({ value }) => value as Option).find(({ option }) => option[0] === 25);
      // `ip` joins its groups, and then reads the links: it ignores the events that arrive meanwhile, so the change is repeated.
      await until('ip monitor', () => {
        namespace().ip('link set v1 alias ready');
        return shown !== '';
      });
      namespace().run('python3', '-S', '-E', '-c', ADVERTISE, ADVERTISEMENT);
      await until('the events', () => events[0]!.values.length === 2 && servers() !== undefined);
      await until('the lines of ip', () => prefixes().length === 2);
      const old = (events[0]!.values[0]!.value as RtNdFamily['notifications']['newprefix']).prefixFlags === 3;
      const flags = old ? { both: 3, onlink: 1 } : { both: 0xc0, onlink: 0x80 };
      const common = { prefixFamily: 10, prefixIfindex: index, prefixType: 3 };
      expect(events[0]!.values.map(({ value }) => value)).to.deep.equal([
        {
          ...common,
          prefixLen: 64,
          prefixFlags: flags.both,
          address: '2001:db8:77::',
          cacheinfo: { preferredTime: 1800, validTime: 3600 },
        },
        {
          ...common,
          prefixLen: 56,
          prefixFlags: flags.onlink,
          address: '2001:db8:78::',
          cacheinfo: { preferredTime: FOREVER, validTime: FOREVER },
        },
      ]);
      expect(shown).to.match(/2001:db8:77::\/64 ?dev v0 (onlink autoconf )?valid 3600 preferred 1800/);
      expect(shown).to.match(/2001:db8:78::\/56 ?dev v0 (onlink )?valid (4294967295|forever) preferred/);
      const option = servers()!;
      expect({ ...option, option: Buffer.from(option.option).toString('hex') }).to.deep.equal({
        ...{ family: 10, optsLen: SERVERS.length / 2, ifindex: index, icmpType: 134, icmpCode: 0 },
        ...{ option: SERVERS, srcaddr: 'fe80::1' },
      });
    });
  });

  describe('rtRoute', () => {
    let client: WatchableClient<RtRouteFamily, 'getroute' | 'getnexthop'>;

    before(() => {
      client = rtRoute({ netns: namespace().path });
    });
    after(() => {
      client?.close();
    });

    it('emits packets for which a multicast router has no route', async function () {
      const reports = (['rtnlgrp-ipv4-mroute-r', 'rtnlgrp-ipv6-mroute-r'] as const).map((group) => collect(client.notifications(group)));
      client.socket.connect();
      const words = [`--net=${namespace().path}`, '--', 'python3', '-S', '-E', '-c', ROUTER, FRAME4, FRAME6];
      const router = spawn('nsenter', words, { stdio: ['pipe', 'ignore', 'pipe'] });
      let stderr = '';
      router.stderr?.on('data', (part: Buffer) => (stderr += part.toString()));
      // Only then the text of an error is complete.
      let ended = false;
      router.once('close', () => (ended = true));
      try {
        await until('the reports', () => ended || reports.every(({ values }) => values.length > 0));
        if (/ENOPROTOOPT|not available/.test(stderr)) skipBecause(this, `this kernel routes no multicast packets: ${stderr}`);
        expect(stderr).to.equal('');
        const rows = reports.map(({ values: [row] }) => row!.value);
        expect(rows.map(({ pkt: _, ...row }) => row)).to.deep.equal([
          { rtgenFamily: 128, msgtype: 'nocache', vifId: 0, srcAddr: '10.88.0.9', dstAddr: '239.8.8.8', table: 253 },
          { rtgenFamily: 129, msgtype: 'nocache', vifId: 0, srcAddr: '2001:db8:88::9', dstAddr: 'ff15::88' },
        ]);
      } finally {
        router.kill();
      }
    });
  });
});
