import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { rtAddrSchema } from '../../lib/families/generated/rt-addr.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { rtNeighSchema } from '../../lib/families/generated/rt-neigh.js';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { rtRuleSchema } from '../../lib/families/generated/rt-rule.js';
import { operationCodec, stringify, type FamilySchema } from '../../lib/schema/index.js';
import { bytes as parseHex } from '../wire/bytes.js';

type Row = Record<string, unknown>;

interface Capture {
  readonly rows: Row[];
  /** The same state as `ip -j` shows it. */
  readonly shown: Row[];
}

/** Messages that the kernel sent, decoded, and what iproute2 made of them; `spec/fixtures/schema/capture.py` writes these files. */
function capture(name: string, schema: FamilySchema, operation: string): Capture {
  const [head, json] = readFileSync(new URL(`../fixtures/schema/${name}.hex`, import.meta.url), 'utf8').split('\n---\n');
  const codec = operationCodec(schema, operation);
  const rows = head!
    .split('\n')
    .slice(1)
    .map((line) => codec.decodePayload(parseHex(line).subarray(16)) as Row);
  return { rows, shown: (JSON.parse(json!) as Row[]).filter((row) => Object.keys(row).length > 0) };
}

/** How iproute2 prints what it prints otherwise than the kernel says it (ip/iplink.c, lib/rt_names.c, linux/if.h). */
const OPERSTATE = ['UNKNOWN', 'NOTPRESENT', 'DOWN', 'LOWERLAYERDOWN', 'TESTING', 'DORMANT', 'UP'];
const LINK_FLAGS: readonly (readonly [number, string])[] = [
  [0x8, 'LOOPBACK'],
  [0x2, 'BROADCAST'],
  [0x80, 'NOARP'],
  [0x1000, 'MULTICAST'],
  [0x1, 'UP'],
  [0x10000, 'LOWER_UP'],
];
const PORT_STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];
const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };
const PROTOCOLS = ['unspec', 'redirect', 'kernel', 'boot', 'static'];
const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 253: 'link', 254: 'host' };
const NEIGHBOUR_STATES: Readonly<Record<number, string>> = { 2: 'REACHABLE', 64: 'NOARP', 128: 'PERMANENT' };
const ADDRESS_PROTOCOLS = [undefined, 'kernel_lo', 'kernel_ra', 'kernel_ll'];

const links = capture('link', rtLinkSchema, 'getlink');
const nameOf = (index: unknown): unknown => links.shown.find(({ ifindex }) => ifindex === index)?.['ifname'];
const camelCase = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const table = (row: Row): unknown => TABLES[row['table'] as number] ?? String(row['table']);
const bridgeId = (value: unknown): string => {
  const { prio, addr } = value as { prio: number; addr: string };
  return `${prio.toString(16).padStart(4, '0')}.${addr.replaceAll(/(^|:)0/g, '$1')}`;
};

/** Prints the fields of a decoded row that `ip` shows, in ip's words; a function for each key that is not just the property. */
type Printers = Readonly<Record<string, (row: Row) => unknown>>;

/** Compares every key that ip shows; timers run on between the two dumps. */
function expectShown(row: Row, shown: Row, printers: Printers, leaveOut: readonly string[] = []): void {
  for (const [key, value] of Object.entries(shown)) {
    if (key.endsWith('_timer') || leaveOut.includes(key)) continue;
    const printer = printers[key];
    const printed = printer === undefined ? row[camelCase(key)] : printer(row);
    const plain = typeof printed === 'bigint' ? Number(printed) : printed;
    const same = typeof value === 'boolean' && typeof plain === 'number' ? plain !== 0 : plain;
    expect(same, `${key} of ${stringify(row)}`).to.deep.equal(value);
  }
}

const data = (row: Row): Row => (row['linkinfo'] as { data?: Row }).data ?? {};

const KINDS: Readonly<Record<string, (shown: Row) => Printers>> = {
  bridge: () => ({
    bridge_id: (row) => bridgeId(row['bridgeId']),
    root_id: (row) => bridgeId(row['rootId']),
    group_fwd_mask: (row) => String(row['groupFwdMask']),
    // Bits of one attribute (BR_BOOLOPT_*).
    no_linklocal_learn: (row) => (row['multiBoolopt'] as Row)['optval'],
    mcast_vlan_snooping: (row) => (Number((row['multiBoolopt'] as Row)['optval']) >> 1) & 1,
    mst_enabled: (row) => (Number((row['multiBoolopt'] as Row)['optval']) >> 2) & 1,
  }),
  vxlan: () => ({
    remote: (row) => row['group'],
    link: (row) => nameOf(row['link']),
    external: (row) => row['collectMetadata'],
    reserved_bits: (row) => `0x${stringify(row['reservedBits']).replaceAll('"', '')}`,
  }),
  macvlan: () => ({ bcqueuelen: (row) => row['bcQueueLen'], usedbcqueuelen: (row) => row['bcQueueLenUsed'] }),
};

const LINK: Printers = {
  ifindex: (row) => row['ifiIndex'],
  link: (row) => nameOf(row['link']),
  master: (row) => nameOf(row['master']),
  operstate: (row) => OPERSTATE[row['operstate'] as number],
  linkmode: (row) => ['DEFAULT', 'DORMANT'][row['linkmode'] as number],
  group: (row) => (row['group'] === 0 ? 'default' : String(row['group'])),
  link_type: (row) => ({ 1: 'ether', 772: 'loopback' })[row['ifiType'] as number],
  flags: (row) => {
    const flags = row['ifiFlags'] as number;
    // ip makes this one up: up, but without RUNNING (0x40).
    return [...((flags & 0x41) === 1 ? ['NO-CARRIER'] : []), ...LINK_FLAGS.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name]))];
  },
  inet6_addr_gen_mode: (row) => ['eui64', 'none'][(row['afSpec'] as Record<string, Row>)['inet6']!['addrGenMode'] as number],
};

describe('captured messages decode as ip shows them', () => {
  for (const [at, shown] of links.shown.entries()) {
    it(`link ${String(shown['ifname'])}`, () => {
      const row = links.rows[at]!;
      const { linkinfo, ...rest } = shown;
      expectShown(row, rest, LINK);
      if (linkinfo === undefined) return;
      const {
        info_kind: kind,
        info_data: info,
        info_slave_kind: slaveKind,
      } = linkinfo as { info_kind: string; info_data?: Row; info_slave_kind?: string };
      expect(row['linkinfo']).to.include({ kind, ...(slaveKind === undefined ? {} : { slaveKind }) });
      if (info === undefined) return;
      expectShown(data(row), info, KINDS[kind]!(info));
    });
  }

  it('a bridge port, and the same from an AF_BRIDGE dump', () => {
    const bridge = capture('bridge-link', rtLinkSchema, 'getlink');
    const shown = bridge.shown[0]!;
    const port = links.rows.find((row) => row['ifiIndex'] === shown['ifindex'])!;
    const { info_slave_data: expected } = shown['linkinfo'] as { info_slave_data: Row };
    for (const row of [(port['linkinfo'] as Row)['slaveData'] as Row, bridge.rows[0]!['protinfo'] as Row]) {
      expectShown(
        row,
        expected,
        {
          state: ({ state }) => PORT_STATES[state as number],
          id: ({ id }) => `0x${(id as number).toString(16)}`,
          no: ({ no }) => `0x${(no as number).toString(16)}`,
          bridge_id: (value) => bridgeId(value['bridgeId']),
          root_id: (value) => bridgeId(value['rootId']),
          group_fwd_mask: ({ groupFwdMask }) => String(groupFwdMask),
          group_fwd_mask_str: ({ groupFwdMask }) => `0x${(groupFwdMask as number).toString(16)}`,
          hairpin: ({ mode }) => mode,
          mcast_to_unicast: ({ mcastToUcast }) => mcastToUcast,
          root_block: ({ protect }) => protect,
          fastleave: ({ fastLeave }) => fastLeave,
          flood: ({ unicastFlood }) => unicastFlood,
          proxy_arp: ({ proxyarp }) => proxyarp,
          proxy_arp_wifi: ({ proxyarpWifi }) => proxyarpWifi,
        },
        [],
      );
    }
  });

  it('addresses', () => {
    const { rows, shown } = capture('addr', rtAddrSchema, 'getaddr');
    const expected = shown.flatMap((link) => (link['addr_info'] as Row[]).map((info): Row => ({ ...info, index: link['ifindex'] })));
    expect(rows.length).to.equal(expected.length);
    for (const info of expected) {
      const inet6 = info['family'] === 'inet6';
      const row = rows.find(
        (candidate) => candidate['ifaIndex'] === info['index'] && (candidate['local'] ?? candidate['address']) === info['local'],
      )!;
      const flag =
        (bit: number) =>
        ({ flags }: Row) =>
          ((flags as number) & bit) !== 0;
      expectShown(row, info, {
        family: ({ ifaFamily }) => (ifaFamily === 10 ? 'inet6' : 'inet'),
        index: ({ ifaIndex }) => ifaIndex,
        local: ({ local, address }) => (inet6 ? address : local),
        prefixlen: ({ ifaPrefixlen }) => ifaPrefixlen,
        scope: ({ ifaScope }) => SCOPES[ifaScope as number],
        protocol: ({ proto }) => ADDRESS_PROTOCOLS[proto as number],
        valid_life_time: ({ cacheinfo }) => (cacheinfo as Row)['ifaValid'],
        preferred_life_time: ({ cacheinfo }) => (cacheinfo as Row)['ifaPrefered'],
        secondary: flag(0x01),
        nodad: flag(0x02),
        tentative: flag(0x40),
        dynamic: (value) => !flag(0x80)(value),
      });
    }
  });

  for (const name of ['route', 'route6']) {
    it(`${name}s`, () => {
      const { rows, shown } = capture(name, rtRouteSchema, 'getroute');
      expect(rows.length).to.be.at.least(shown.length);
      const full = name === 'route6' ? 128 : 32;
      for (const [at, route] of shown.entries()) {
        expectShown(rows[at]!, route, {
          type: ({ rtmType }) => rtmType,
          dst: ({ dst, rtmDstLen }) => (rtmDstLen === full ? dst : `${String(dst)}/${String(rtmDstLen)}`),
          dev: ({ oif }) => nameOf(oif),
          table,
          protocol: ({ rtmProtocol }) => PROTOCOLS[rtmProtocol as number],
          scope: ({ rtmScope }) => SCOPES[rtmScope as number],
          metric: ({ priority }) => priority,
          flags: ({ rtmFlags }) => (rtmFlags === 0 ? [] : [rtmFlags]),
          pref: ({ pref }) => ['medium', 'high', 'invalid', 'low'][pref as number],
          metrics: ({ metrics }) => [metrics],
          via: ({ via }) => ({ family: 'inet6', host: (via as Row)['rtviaAddr'] }),
          nexthops: ({ multipath }) =>
            (multipath as Row[]).map(({ rtnhFlags, rtnhHops, rtnhIfindex, gateway }) => ({
              gateway,
              dev: nameOf(rtnhIfindex),
              weight: (rtnhHops as number) + 1,
              flags: rtnhFlags === 0 ? [] : [rtnhFlags],
            })),
        });
      }
    });
  }

  it('neighbours', () => {
    const { rows, shown } = capture('neigh', rtNeighSchema, 'getneigh');
    for (const neighbour of shown) {
      const row = rows.find(({ dst, ndmIfindex }) => dst === neighbour['dst'] && nameOf(ndmIfindex) === neighbour['dev'])!;
      expectShown(row, neighbour, {
        dev: ({ ndmIfindex }) => nameOf(ndmIfindex),
        state: ({ ndmState }) => [NEIGHBOUR_STATES[ndmState as number]],
        router: ({ ndmFlags }) => (((ndmFlags as number) & 0x80) === 0 ? 'no router' : null),
      });
    }
  });

  for (const name of ['rule', 'rule6']) {
    it(`${name}s`, () => {
      const { rows, shown } = capture(name, rtRuleSchema, 'getrule');
      expect(rows.length).to.equal(shown.length);
      const hex = (property: string) => (row: Row) => `0x${(row[property] as number).toString(16)}`;
      for (const [at, rule] of shown.entries()) {
        expectShown(rows[at]!, rule, {
          priority: ({ priority }) => priority ?? 0,
          src: ({ src }) => src ?? 'all',
          srclen: ({ srcLen }) => srcLen,
          dstlen: ({ dstLen }) => dstLen,
          table,
          protocol: ({ protocol }) => PROTOCOLS[protocol as number],
          fwmark: hex('fwmark'),
          fwmask: hex('fwmask'),
          iif: ({ iifname }) => iifname,
          ipproto: ({ ipProto }) => ({ 6: 'tcp' })[ipProto as number],
          dport_start: ({ dportRange }) => (dportRange as Row)['start'],
          dport_end: ({ dportRange }) => (dportRange as Row)['end'],
        });
      }
    });
  }
});
