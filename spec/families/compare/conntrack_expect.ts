import { expect } from 'chai';
import { conntrackExpectSchema, type GetReply, type TupleAttrs } from '../../../lib/families/generated/conntrack_expect.js';
import type { FamilyComparer } from '../comparer.js';
import { within } from './fields.js';

const PERMANENT = 1; // NF_CT_EXPECT_PERMANENT of linux/netfilter/nf_conntrack_common.h
const INACTIVE = 2;
const USERSPACE = 4;

/** Returns the line of `conntrack -L exp` for a decoded expectation: the same words in the same order. */
export function expectationLine({ tuple = {}, mask, master, timeout, flags = 0, class: kind, helpName }: GetReply, shown: string): string {
  const names = [
    [PERMANENT, 'PERMANENT'],
    [INACTIVE, 'INACTIVE'],
    [USERSPACE, 'USERSPACE'],
  ] as const;
  const set = names.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name])).join(',');
  return [
    within(3, Number(shown.split(' ', 1)[0]), timeout),
    `proto=${String(tuple.tupleProto?.protoNum)}`,
    words('', tuple),
    words('mask-', mask),
    words('master-', master),
    ...(set === '' ? [] : [set]),
    `class=${String(kind)}`,
    ...(helpName === undefined ? [] : [`helper=${helpName}`]),
  ].join(' ');
}

function words(prefix: string, { tupleIp: ip = {}, tupleProto: proto = {} }: TupleAttrs = {}): string {
  const [source, destination] = [ip.ipV4Src ?? ip.ipV6Src, ip.ipV4Dst ?? ip.ipV6Dst];
  const ports = proto.protoSrcPort === undefined ? '' : ` sport=${String(proto.protoSrcPort)} dport=${String(proto.protoDstPort)}`;
  return `${prefix}src=${String(source)} ${prefix}dst=${String(destination)}${ports}`;
}

export const comparer: FamilyComparer = {
  schema: conntrackExpectSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as GetReply[];
    if (command.endsWith('-S exp')) {
      const table = shown as readonly Readonly<Record<string, number>>[];
      const counts = answers.flatMap((answer) => answer.rows);
      expect(
        counts.map((row) => ({ expect_new: row['new'], expect_create: row['create'], expect_delete: row['delete'], cpu: row['resId'] })),
      ).to.deep.equal(table);
      return;
    }
    const lines = (shown as readonly string[]).map((line) => line.trim());
    // The tool requests all families and shows one.
    const seen = command.includes('ipv6') ? 10 : 2;
    const own = rows.filter(({ nfgenFamily }) => nfgenFamily === seen);
    expect(own.map((row, index) => expectationLine(row, lines[index] ?? ''))).to.deep.equal(lines);
  },
};
