import { expect } from 'chai';
import type { Observable } from 'rxjs';
import { network, type Network } from '../../../../lib/network/index.js';
import { useNamespace } from '../../../support/namespace.js';
import { usePrograms } from '../../../support/programs.js';
import { countWrites, one } from '../support.js';

/** Objects of each table, and those that the kernel creates by itself. */
const SETUP: readonly (readonly [program: string, lines: readonly string[]])[] = [
  [
    'ip',
    [
      'link add b0 type bridge',
      'link add v0 type veth peer name v1',
      'link set v0 master b0',
      'link set b0 up',
      'link set v0 up',
      'link set v1 up',
      'address add 10.1.0.1/24 dev v1',
      'address add fd01::1/64 dev v1 nodad',
      'neighbour add 10.1.0.9 dev v1 lladdr 02:00:00:00:00:09',
      'neighbour add proxy 10.1.0.8 dev v1',
      'route add 10.9.0.0/16 via 10.1.0.9',
      'route add fd09::/64 via fd01::9',
      'route add blackhole 10.8.0.0/16 table 77',
      'nexthop add id 7 via 10.1.0.9 dev v1',
      'nexthop add id 8 group 7',
      'nexthop add id 9 blackhole',
      'route add 10.7.0.0/16 nhid 7',
      'rule add priority 9 from 10.0.0.0/8 lookup 77',
      'rule add priority 10 iif missing0 goto 20',
    ],
  ],
  ['bridge', ['fdb add 02:00:00:00:00:0a dev v0 master static']],
  [
    'tc',
    [
      'qdisc add dev v1 root handle 1: htb',
      'class add dev v1 parent 1: classid 1:1 htb rate 1mbit',
      'qdisc add dev v1 clsact',
      'filter add dev v1 ingress protocol ip prio 5 u32 match ip dst 10.0.0.0/8 flowid 1:1',
      'filter add dev v1 egress protocol ipv6 prio 6 u32 match ip6 dst fd00::/8 flowid 1:1',
    ],
  ],
];

const TABLES = ['links', 'addresses', 'neighbours', 'fdb', 'routes', 'rules', 'nexthops', 'qdiscs', 'classes', 'filters'] as const;

type Rows = (net: Network) => Observable<readonly object[]>;

describe('network(): a copy of an object that was read', () => {
  usePrograms('bridge', 'tc');
  const namespace = useNamespace();

  before(() => {
    for (const [program, lines] of SETUP) for (const line of lines) namespace().run(program, ...line.split(' '));
  });

  for (const table of TABLES)
    it(`is accepted, and changes nothing: ${table}`, async () => {
      using net = network({ netns: namespace().path });
      const list: Rows = (from) => from[table].list() as Observable<readonly object[]>;
      const rows = await one(list(net));
      expect(rows.length).to.be.greaterThan(0);
      const ensure = net[table].ensure.bind(net[table]) as (spec: object) => Observable<{ readonly changed: readonly object[] }>;
      const writeAll = async (): Promise<void> => {
        for (const row of rows) expect((await one(ensure({ ...row }))).changed).to.deep.equal([]);
      };
      expect(await countWrites(writeAll)).to.equal(0);
    });
});
