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
/** The keys of GRE are shown as ports. */
const key = (port: number | undefined): string => `0x${(port ?? 0).toString(16)}`;

/** The elements `<layer3>` and `<layer4>` of one direction, with its counters if the kernel has them. */
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
    // The zone of this direction only
    ...(tuple?.tupleZone === undefined ? {} : { zone: String(tuple.tupleZone) }),
    ...(counters === undefined ? {} : { counters: { packets: String(counters.packets), bytes: String(counters.bytes) } }),
  };
}

/** Returns one entry as `conntrack -o xml,id` prints it. */
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

/** Elements that are not compared: timestamps in XML are local time, and only the states of TCP have names. */
const OMITTED = ['deltatime', 'timestamp', 'when', 'state'];

function plain(node: Node, tcp: boolean): Node {
  const { type: _type, independent, ...rest } = node;
  const decoded = Object.fromEntries(
    Object.entries(independent as Node).filter(([key]) => !OMITTED.includes(key) || (key === 'state' && tcp)),
  );
  return { ...rest, independent: decoded };
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

/** The type, code and id of an echo and of its reply, then the id of the entry. */
function compareEchoes({ shown, answers }: Scene): void {
  const entries = answers.flatMap(({ op, rows }) => (op === 'get' ? rows : [])) as unknown as Entry[];
  const decoded = entries
    .filter(({ tupleOrig }) => tupleOrig?.tupleProto?.protoNum === ICMPV6)
    .map(({ tupleOrig, tupleReply, id }) => [
      ...[tupleOrig, tupleReply].flatMap((tuple) => {
        const { protoIcmpv6Type, protoIcmpv6Code, protoIcmpv6Id } = tuple?.tupleProto ?? {};
        return [protoIcmpv6Type, protoIcmpv6Code, protoIcmpv6Id];
      }),
      id,
    ]);
  expect(decoded).to.deep.equal(shown);
}

/** The order of `enum ct_dccp_states` of kernels before 6.17; no header contains it. */
const DCCP_STATES = ['NONE', 'REQUEST', 'RESPOND', 'PARTOPEN', 'OPEN', 'CLOSEREQ', 'CLOSING', 'TIMEWAIT'];

/** The states of SCTP and DCCP, with the id of the entry. */
function compareStates({ shown, answers }: Scene): void {
  const entries = answers.flatMap(({ op, rows }) => (op === 'get' ? rows : [])) as unknown as Entry[];
  const decoded = entries.flatMap(({ protoinfo: { protoinfoSctp: sctp, protoinfoDccp: dccp } = {}, id }) => [
    ...(sctp === undefined ? [] : [['sctp', String(sctp.sctpState).toUpperCase().replaceAll('-', '_').replace('RECEIVED', 'RECD'), id]]),
    ...(dccp === undefined ? [] : [['dccp', DCCP_STATES[dccp.dccpState!], id]]),
  ]);
  expect(decoded).to.deep.equal(shown);
}

/** Returns the values that libnetfilter_conntrack reads for connections with a master, with sequence adjustments, or of SCTP and DCCP. */
function joined({ tupleOrig, tupleMaster, seqAdjOrig, seqAdjReply, protoinfo = {} }: Entry): Node {
  const { protoinfoTcp: tcp, protoinfoSctp: sctp, protoinfoDccp: dccp } = protoinfo;
  const address = (text: string | undefined): number | undefined => text?.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const all = {
    origin: address(tupleOrig?.tupleIp?.ipV4Src),
    port: tupleOrig?.tupleProto?.protoSrcPort,
    'tcp flags original': tcp?.tcpFlagsOriginal?.flags,
    'tcp flags reply': tcp?.tcpFlagsReply?.flags,
    'master source': address(tupleMaster?.tupleIp?.ipV4Src),
    'master destination': address(tupleMaster?.tupleIp?.ipV4Dst),
    'master source port': tupleMaster?.tupleProto?.protoSrcPort,
    'master destination port': tupleMaster?.tupleProto?.protoDstPort,
    'master protocol': tupleMaster?.tupleProto?.protoNum,
    'original position': seqAdjOrig?.correctionPos,
    'original before': seqAdjOrig?.offsetBefore,
    'original after': seqAdjOrig?.offsetAfter,
    'reply position': seqAdjReply?.correctionPos,
    'reply before': seqAdjReply?.offsetBefore,
    'reply after': seqAdjReply?.offsetAfter,
    'sctp state': sctp && SCTP_STATES.indexOf(String(sctp.sctpState)),
    'sctp tag original': sctp?.vtagOriginal,
    'sctp tag reply': sctp?.vtagReply,
    'dccp state': dccp?.dccpState,
    'dccp role': dccp?.dccpRole,
    'dccp sequence': dccp && Number(dccp.dccpHandshakeSeq),
    'tcp scale original': tcp?.tcpWscaleOriginal,
    'tcp scale reply': tcp?.tcpWscaleReply,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** SCTP_CONNTRACK_* of linux/netfilter/nf_conntrack_sctp.h that occur in the fixture. */
const SCTP_STATES = ['none', 'closed', 'cookie-wait', 'cookie-echoed', 'established'];

function compareStatistics({ shown, answers }: Scene): void {
  const rows = answers.flatMap(({ rows: found }) => found);
  const table = shown as readonly Node[];
  expect(rows.length).to.equal(table.length);
  table.forEach(({ cpu: _cpu, ...row }, index) => {
    const decoded = Object.fromEntries(Object.keys(row).map((key) => [key, rows[index]![WORDS[key] ?? key]]));
    expect(decoded, `processor ${String(index)}`).to.deep.equal(row);
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
    else if (command === 'conntrack -L -o id') compareStates(scene);
    else if (command === 'conntrack -C') expect(answers[0]!.rows[0]!['entries']).to.equal(shown);
    else if (command.startsWith('python3 ')) expect((answers[0]!.rows as unknown as Entry[]).map(joined)).to.deep.equal(shown);
    else if (command.includes(' -S')) compareStatistics(scene);
    else compareEntries(scene);
  },
};
