import { expect } from 'chai';
import { conntrackSchema } from '../../../lib/families/generated/conntrack.js';
import type { ConntrackFamily } from '../../../lib/families/conntrack.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareYnl } from './ynl.js';

type Entry = ConntrackFamily['dump']['get']['reply'];
type Tuple = Entry['tupleOrig'];
type Counters = Entry['countersOrig'];
type Node = Readonly<Record<string, unknown>>;

// linux/netfilter/nf_conntrack_common.h
const SEEN_REPLY = 2;
const ASSURED = 4;
const PROTOCOL: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 33: 'dccp', 47: 'gre', 58: 'icmpv6', 132: 'sctp' };
const PORTS = [6, 17, 33, 132];
const GRE = 47;
const ICMPV6 = 58;
/** GRE's keys are told as ports. */
const key = (port: number | undefined): string => `0x${(port ?? 0).toString(16)}`;

/** `<layer3>` and `<layer4>` of one direction, with its counters where they are kept. */
function direction(tuple: Tuple, counters: Counters): Node {
  const { tupleIp: ip, tupleProto: proto } = tuple ?? {};
  const four = ip?.ipV4Src !== undefined;
  const number = proto?.protoNum ?? 0;
  return {
    layer3: {
      '@protonum': four ? '2' : '10',
      '@protoname': four ? 'ipv4' : 'ipv6',
      src: four ? ip.ipV4Src : ip?.ipV6Src,
      dst: four ? ip.ipV4Dst : ip?.ipV6Dst,
    },
    layer4: {
      '@protonum': String(number),
      '@protoname': PROTOCOL[number] ?? 'unknown',
      ...(PORTS.includes(number) ? { sport: String(proto?.protoSrcPort ?? 0), dport: String(proto?.protoDstPort ?? 0) } : {}),
      ...(number === GRE ? { srckey: key(proto?.protoSrcPort), dstkey: key(proto?.protoDstPort) } : {}),
    },
    // A zone that is this direction's alone
    ...(tuple?.tupleZone === undefined ? {} : { zone: String(tuple.tupleZone) }),
    ...(counters === undefined ? {} : { counters: { packets: String(counters.packets), bytes: String(counters.bytes) } }),
  };
}

/** `conntrack -o xml,id`, of one entry. */
function flow(entry: Entry): Node {
  const { tupleOrig, tupleReply, countersOrig, countersReply, status = 0, timeout, mark, use, id, zone, protoinfo, help } = entry;
  const state = protoinfo?.protoinfoTcp?.tcpState ?? protoinfo?.protoinfoSctp?.sctpState ?? protoinfo?.protoinfoDccp?.dccpState;
  return {
    original: direction(tupleOrig, countersOrig),
    reply: direction(tupleReply, countersReply),
    ...(help === undefined ? {} : { helper: help.helpName }),
    independent: {
      ...(state === undefined ? {} : { state: String(state).toUpperCase().replace('-', '_') }),
      ...(timeout === undefined ? {} : { timeout: String(timeout) }),
      ...(mark === undefined ? {} : { mark: String(mark) }),
      ...(zone === undefined ? {} : { zone: String(zone) }),
      use: String(use),
      id: String(id),
      ...((status & SEEN_REPLY) === 0 ? { unreplied: true } : {}),
      ...((status & ASSURED) === 0 ? {} : { assured: true }),
    },
  };
}

/** What XML tells of the entry's moments is local time, and its states are numbers' names for TCP only. */
const LEFT_OUT = ['deltatime', 'timestamp', 'when', 'state'];

function plain(node: Node, tcp: boolean): Node {
  const { type: _type, independent, ...rest } = node;
  const told = Object.fromEntries(
    Object.entries(independent as Node).filter(([key]) => !LEFT_OUT.includes(key) || (key === 'state' && tcp)),
  );
  return { ...rest, independent: told };
}

function compareEntries({ shown, answers }: Scene): void {
  const entries = answers.flatMap(({ op, rows }) => (op === 'get' ? rows : [])) as unknown as Entry[];
  const table = shown as readonly Node[];
  expect(entries.length).to.equal(table.length);
  expect(entries).to.not.have.length(0);
  table.forEach((node, index) => {
    const tcp = entries[index]!.tupleOrig?.tupleProto?.protoNum === 6;
    expect(plain(flow(entries[index]!), tcp), `entry ${String(index)}`).to.deep.equal(plain(node, tcp));
  });
}

/** Type, code and number of an echo and of its answer, then the entry's own number. */
function compareEchoes({ shown, answers }: Scene): void {
  const entries = answers.flatMap(({ op, rows }) => (op === 'get' ? rows : [])) as unknown as Entry[];
  const told = entries
    .filter(({ tupleOrig }) => tupleOrig?.tupleProto?.protoNum === ICMPV6)
    .map(({ tupleOrig, tupleReply, id }) => [
      ...[tupleOrig, tupleReply].flatMap((tuple) => {
        const { protoIcmpv6Type, protoIcmpv6Code, protoIcmpv6Id } = tuple?.tupleProto ?? {};
        return [protoIcmpv6Type, protoIcmpv6Code, protoIcmpv6Id];
      }),
      id,
    ]);
  expect(told).to.deep.equal(shown);
}

function compareStatistics({ shown, answers }: Scene): void {
  const rows = answers.flatMap(({ rows: found }) => found);
  const table = shown as readonly Node[];
  expect(rows.length).to.equal(table.length);
  table.forEach(({ cpu: _cpu, ...row }, index) => {
    const told = Object.fromEntries(Object.keys(row).map((key) => [key, rows[index]![WORDS[key] ?? key]]));
    expect(told, `processor ${String(index)}`).to.deep.equal(row);
  });
}

const WORDS: Readonly<Record<string, string>> = {
  insert_failed: 'insertFailed',
  early_drop: 'earlyDrop',
  search_restart: 'searchRestart',
  clash_resolve: 'clashResolve',
  chaintoolong: 'chainToolong',
};

export const comparer: FamilyComparer = {
  schema: conntrackSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.startsWith('ynl ')) compareYnl(conntrackSchema, answers[0]!.op, shown, answers[0]!.rows);
    else if (command.includes('-p icmpv6')) compareEchoes(scene);
    else if (command.includes(' -S')) compareStatistics(scene);
    else compareEntries(scene);
  },
};
