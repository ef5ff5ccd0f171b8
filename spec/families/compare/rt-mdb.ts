import { expect } from 'chai';
import { rtMdbSchema, type EntryAttrs, type GetmdbReply, type RouterAttrs } from '../../../lib/families/generated/rt-mdb.js';
import type { FamilyComparer } from '../comparer.js';
import { bitNames, compareFields, within, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';

/** A port of a group, and the interface that has the table. */
export type Port = NonNullable<EntryAttrs['info']>[number] & { readonly table: number };

type RouterPort = NonNullable<RouterAttrs['port']>[number];

/** MDB_FLAGS_* of linux/if_bridge.h, in the words and the order of `bridge`. */
const FLAGS = [
  ['offload', 1],
  ['fast_leave', 2],
  ['added_by_star_ex', 4],
  ['blocked', 8],
] as const;

/** RTPROT_* of linux/rtnetlink.h, as iproute2's rt_protos names them. */
const PROTOCOL: Readonly<Record<number, string>> = { 2: 'kernel', 3: 'boot', 4: 'static' };

/** Compares a time in seconds, which the tool shows as text with two decimals. */
const seconds = (shown: unknown, hundredths = 0): unknown =>
  within(10, Number(shown), hundredths / 100) === Number(shown) ? shown : hundredths;

/** Returns the address of a group: the only property of an object that its kind decides. */
export const groupOf = ({ addr }: Port): unknown => Object.values(addr as object as Readonly<Record<string, unknown>>)[0];

/** The properties of a group's port in `bridge -j -d -s mdb`. */
export const portFields = (names: Pick<LinkNames, 'of'>): Fields<Port> => ({
  index: ({ table }) => table,
  dev: ({ table }) => names.of(table),
  port: ({ ifindex }) => names.of(ifindex),
  grp: groupOf,
  src: ({ source }) => source,
  state: ({ state }) => (state === 'temporary' ? 'temp' : state),
  filter_mode: ({ groupMode }) => groupMode,
  source_list: ({ srcList }, shown) =>
    srcList?.entry?.map(({ address, timer }, index) => ({
      address,
      timer: seconds((shown as readonly { readonly timer?: string }[])[index]?.timer, timer),
    })),
  protocol: ({ rtprot }) => PROTOCOL[rtprot ?? 0] ?? String(rtprot),
  flags: ({ flags }) => bitNames(flags, FLAGS),
  vid: ({ vid }) => vid,
  dst: ({ dst }) => dst,
  dst_port: ({ dstPort }) => dstPort,
  vni: ({ vni }) => vni,
  via: ({ remoteIfindex }) => names.of(remoteIfindex),
  src_vni: ({ srcVni }) => srcVni,
  timer: ({ timer }, shown) => seconds(shown, timer),
});

/** The properties of a router's port. */
export const routerFields = (names: Pick<LinkNames, 'of'>): Fields<RouterPort> => ({
  port: ({ ifindex }) => names.of(ifindex),
  timer: ({ timer }, shown) => seconds(shown, timer),
  type: ({ type }) => (type === 'perm' ? 'permanent' : type),
});

/** Returns the ports of all groups, in the order of the kernel. */
export const portsOf = (rows: readonly GetmdbReply[]): Port[] =>
  rows.flatMap(({ ifindex, mdb }) =>
    (mdb?.entry ?? []).flatMap(({ info = [] }) => info.map((port): Port => ({ ...port, table: ifindex }))),
  );

/** The output of `bridge -j mdb show`. */
export interface ShownTable {
  readonly mdb: readonly Shown[];
  readonly router: Readonly<Record<string, readonly Shown[]>>;
}

/** Compares the groups and the router ports of `bridge mdb`; `compare` compares one of them. */
export function compareGroups(
  { mdb, router }: ShownTable,
  rows: readonly GetmdbReply[],
  names: LinkNames,
  compare: <Value>(at: string, shown: Shown, value: Value, fields: Fields<Value>) => void = compareFields,
): void {
  const ports = portsOf(rows);
  expect(ports.length, 'groups').to.equal(mdb.length);
  mdb.forEach((shown, index) => {
    compare(`group ${String(shown['grp'])}`, shown, ports[index]!, portFields(names));
  });
  for (const row of rows) {
    const shown = router[names.of(row.ifindex)!] ?? [];
    expect(row.router?.port?.length ?? 0, 'router ports').to.equal(shown.length);
    shown.forEach((port, index) => {
      compare(`router port ${String(port['port'])}`, port, row.router!.port![index]!, routerFields(names));
    });
  }
}

export const comparer: FamilyComparer = {
  schema: rtMdbSchema,
  compare({ command, shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as GetmdbReply[];
    if (command.includes(' get ')) compareGroups({ mdb: shown as readonly Shown[], router: {} }, rows, links);
    else compareGroups((shown as readonly [ShownTable])[0], rows, links);
  },
};
