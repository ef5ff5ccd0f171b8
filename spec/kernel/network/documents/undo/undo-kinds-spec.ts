import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { lastValueFrom, NEVER } from 'rxjs';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { isApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { Unavailable } from '../../../../support/unavailable.js';
import { one, orUnavailable } from '../../support.js';
import { settledPicture, type Picture } from '../apply/picture.js';
import { refusingTransport, type RefusingTransport } from '../apply/refusing.js';

/** Errors of `ip` and `bridge` for what the kernel lacks. */
const MISSING = /Unknown device type|Operation not supported/;

/** The commands that make the state of before, and a document that changes it. */
interface Change {
  readonly scene: readonly string[];
  readonly document: Omit<NetworkDocument, 'version'>;
}

const CHANGES: Readonly<Record<string, Change>> = {
  'links that exchange their names': {
    scene: [
      'ip link add a0 address 02:00:00:00:00:0a type ifb',
      'ip link add b0 address 02:00:00:00:00:0b type ifb',
      'ip link property add dev a0 altname first',
      'ip link set a0 up',
      'ip link set b0 up',
      'ip addr add 10.1.0.1/24 dev a0',
      'ip route add 10.9.0.0/16 via 10.1.0.9',
    ],
    document: {
      links: [
        { name: 'b0', match: { mac: '02:00:00:00:00:0a' }, altnames: ['second'] },
        { name: 'a0', match: { mac: '02:00:00:00:00:0b' }, addresses: ['10.2.0.1/24'] },
      ],
    },
  },
  'forwarding entries': {
    scene: [
      'ip link add br0 type bridge',
      'ip link set br0 up',
      'ip link add p0 type veth peer name p1',
      'ip link set p1 up',
      'ip link set p0 master br0 up',
      'bridge fdb add 02:00:00:00:00:05 dev p0 master static',
      'ip link add vx0 type vxlan id 5 dstport 4789 nolearning',
      'bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.5',
      'bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.6',
    ],
    document: {
      links: [
        { name: 'p0', fdb: [{ mac: '02:00:00:00:00:06' }] },
        { name: 'vx0', fdb: [{ mac: '00:00:00:00:00:00', on: 'device', remote: '192.0.2.7' }] },
        { name: 'br0', mtu: 1300 },
      ],
    },
  },
  'links that are created again, with neighbours and a macvlan': {
    scene: [
      'ip link add v0 type veth peer name v1',
      'ip link set v0 up',
      'ip link set v1 up',
      'ip link add link v0 name m0 type macvlan mode bridge',
      'ip link set m0 up',
      'ip addr add 10.1.0.1/24 dev m0',
      'ip neigh add 10.1.0.66 lladdr 02:00:00:00:00:66 dev m0 nud permanent',
      'ip route add 10.9.0.0/16 via 10.1.0.9 proto bgp',
      'ip rule add iif m0 lookup 50 prio 900',
      'ip link add vx0 type vxlan id 5 dstport 4789 nolearning',
      'ip link set vx0 up',
      'ip addr add 10.2.0.1/24 dev vx0',
      'ip neigh add 10.2.0.66 lladdr 02:00:00:00:00:67 dev vx0 nud permanent',
      // A bridge without ports would keep the bridge ID of the port that it had.
      'ip link add br0 address 02:00:00:00:00:01 type bridge',
      'ip link add p0 type veth peer name p1',
      'ip link set p0 master br0',
    ],
    document: {
      links: [
        { name: 'vx0', kind: 'vxlan', vxlan: { id: 6 }, neighbours: [{ address: '10.2.0.77', mac: '02:00:00:00:00:77' }] },
        { name: 'm0', absent: true },
        { name: 'v0', master: 'br0' },
        { name: 'v1', addresses: ['10.3.0.1/24'], neighbours: [{ address: '10.3.0.7', mac: '02:00:00:00:00:78' }] },
      ],
      routes: [{ to: '10.8.0.0/16', via: '10.3.0.9' }],
    },
  },
  'a link that enters a VRF': {
    scene: [
      'ip link add d0 type dummy',
      'ip link set d0 up',
      'ip addr add 10.1.0.1/24 dev d0',
      'ip addr add fd01::1/64 dev d0 nodad',
      'ip neigh add 10.1.0.66 lladdr 02:00:00:00:00:66 dev d0 nud permanent',
      'ip route add 10.9.0.0/16 via 10.1.0.9 proto bgp',
      'ip route add 10.8.0.0/16 dev d0 table 200',
      'ip -6 route add fd09::/64 via fd01::9',
    ],
    document: {
      links: [
        { name: 'blue', kind: 'vrf', vrf: { table: 77 }, up: true },
        { name: 'd0', master: 'blue', mtu: 1400 },
      ],
    },
  },
  'a VLAN that is created again': {
    scene: [
      'ip link add d0 type dummy',
      'ip link set d0 up',
      'ip link add link d0 name d0.10 type vlan id 10',
      'ip link set d0.10 up',
      'ip addr add 10.1.0.1/24 dev d0.10',
      'ip route add 10.9.0.0/16 via 10.1.0.9',
    ],
    document: {
      links: [
        { name: 'd0.10', kind: 'vlan', parent: 'd0', vlan: { id: 11 } },
        { name: 'd0', mac: '02:00:00:00:00:01', mtu: 1400 },
      ],
    },
  },
  'VLANs of a bridge': {
    scene: [
      'ip link add br0 type bridge vlan_filtering 1',
      'ip link add d1 type dummy',
      'ip link set d1 master br0',
      'bridge vlan add dev d1 vid 20-22',
      'bridge vlan add dev d1 vid 30 pvid untagged',
      'bridge vlan add dev br0 vid 5 self',
      'bridge fdb add 02:00:00:00:00:05 dev d1 vlan 20 master static',
    ],
    document: {
      links: [
        { name: 'd1', vlans: [{ id: 40, pvid: true, untagged: true }] },
        { name: 'br0', up: true, vlans: [{ id: 6 }] },
      ],
    },
  },
  'a port with VLANs that changes its bridge': {
    scene: [
      'ip link add br0 type bridge vlan_filtering 1',
      'ip link add br1 type bridge vlan_filtering 1',
      'ip link add d1 type dummy',
      'ip link set d1 master br0 up',
      'bridge vlan add dev d1 vid 30 pvid untagged',
      'bridge link set dev d1 hairpin on',
    ],
    document: { links: [{ name: 'd1', master: 'br1', mtu: 1400 }] },
  },
  'ports of a bond': {
    scene: [
      'ip link add d0 address 02:00:00:00:00:01 type dummy',
      'ip link add d1 address 02:00:00:00:00:02 type dummy',
      'ip link add bond0 type bond mode active-backup miimon 100',
      'ip link set d0 master bond0',
      'ip link set d1 master bond0',
      'ip link set bond0 up',
      'ip addr add 10.1.0.1/24 dev bond0',
      'ip route add 10.9.0.0/16 via 10.1.0.9',
    ],
    document: {
      links: [
        { name: 'd1', master: null, mtu: 1400 },
        { name: 'bond0', kind: 'bond', bond: { miimon: 200 }, mtu: 1300, addresses: ['10.2.0.1/24'] },
      ],
    },
  },
};

/** Keys that only these specs use. */
const [FIRST_KEY, SECOND_KEY, PEER] = [
  'QAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=',
  'SAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEg=',
  'CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
];

/** Returns the values in which two pictures differ, by the command that printed them. */
function differing(before: Picture, now: Picture): Readonly<Record<string, unknown>> {
  const lacking = (one: readonly unknown[], other: readonly unknown[] = []): readonly string[] => {
    const there = new Set(other.flatMap((entry) => leavesOf(entry)));
    return one.flatMap((entry) => leavesOf(entry)).filter((leaf) => !there.has(leaf));
  };
  return Object.fromEntries(
    Object.entries(before)
      .filter(([line, entries]) => !isDeepStrictEqual(entries, now[line]))
      .map(([line, entries]) => [line, { before: lacking(entries, now[line]), now: lacking(now[line] ?? [], entries) }] as const),
  );
}

/** Returns each value of an entry with its path, behind what identifies the entry. */
function leavesOf(entry: unknown, path?: string): readonly string[] {
  if (typeof entry !== 'object' || entry === null) return [`${path}: ${JSON.stringify(entry)}`];
  const { ifname, dst, dev, mac } = entry as Readonly<Record<string, string | undefined>>;
  const start = path ?? [ifname, dst, dev, mac].filter((name) => name !== undefined).join(' ');
  return Object.entries(entry).flatMap(([name, inner]) => leavesOf(inner, `${start} ${name}`));
}

describe('network().apply after a failure, by kinds', function () {
  this.timeout(300_000);
  usePrograms('ip', 'bridge');
  useNamespace();
  let namespace: Namespace;
  let kernel: RefusingTransport;
  let net: Network;

  beforeEach(() => {
    namespace = createNamespace();
    kernel = refusingTransport();
    net = network({ netns: namespace.path, transport: kernel.transport });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  function play(lines: readonly string[]): void {
    for (const line of lines) {
      const [program, ...args] = line.split(' ');
      try {
        namespace.run(program!, ...args);
      } catch (error) {
        const detail = (error as Error).message;
        throw MISSING.test(detail) ? new Unavailable(`the kernel lacks what \`${line}\` needs`, { detail }) : error;
      }
    }
  }

  for (const [title, { scene, document }] of Object.entries(CHANGES))
    it(`leaves ${title} as before, at whichever step the kernel rejects a write`, async function () {
      play(scene);
      let before = await settledPicture(namespace);
      // One run names each step that fails: few machines have these kinds.
      const wrong: unknown[] = [];
      let step = 0;
      for (; ; step++) {
        const refused = step;
        kernel.refuse((write) => write === refused);
        const error: unknown = await lastValueFrom(net.apply({ version: 1, ...document })).catch((reason: unknown) => reason);
        const wasRefused = kernel.writes > refused;
        kernel.refuse();
        if (!(error instanceof Error)) break;
        if (!isApplyError(error) || !wasRefused) throw orUnavailable(error);
        const now = await settledPicture(namespace);
        const changed = differing(before, now);
        if (!error.undone || Object.keys(changed).length > 0) wrong.push({ step, error: error.message, left: error.left, changed });
        before = now;
      }
      expect(wrong).to.deep.equal([]);
      expect(step).to.be.greaterThan(1);
      this.test!.title += ` (${step} steps)`;
    });

  it('brings the keys and the peers of WireGuard back', async () => {
    play(['ip link add wg0 type wireguard', 'ip link set wg0 up', 'ip addr add 10.1.0.1/24 dev wg0']);
    const wireguard = {
      privateKey: FIRST_KEY,
      listenPort: 51_820,
      peers: [{ publicKey: PEER, presharedKey: SECOND_KEY, allowedIps: ['10.2.0.0/24', 'fd02::/64'], endpoint: '192.0.2.9:51820' }],
    };
    await one(net.apply({ version: 1, links: [{ name: 'wg0', kind: 'wireguard', wireguard }] }));
    const devices = async (): Promise<unknown> => await one(net.clients.wireguard.list('get-device', { ifname: 'wg0' }));
    const before = await devices();
    const links = [
      { name: 'wg0', kind: 'wireguard', wireguard: { privateKey: SECOND_KEY, listenPort: 51_821, mark: 7, peers: [] } },
      { name: 'wg0', absent: true },
    ] as const;
    for (const link of links) {
      const document: NetworkDocument = { version: 1, links: [link], routes: [{ to: '10.6.0.0/16', via: '10.66.0.9' }] };
      const never = { ...document, routes: [] };
      const error: unknown = await one(
        'absent' in link ? net.apply(never, { confirm: { within: 1, by: NEVER } }) : net.apply(document),
      ).catch((reason: unknown) => reason);
      if (!isApplyError(error)) throw error instanceof Error ? error : new Error('apply succeeded');
      expect(error.undone, error.message).to.equal(true);
      expect(await devices()).to.deep.equal(before);
    }
  });
});
