import { expect } from 'chai';
import { rtLinkSchema } from '../../../lib/families/generated/rt-link.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, type Shown } from './fields.js';
import { linkFields, linkInfoOf, type LinkRow } from './link-fields.js';
import { compareBridge, compareStatistics } from './link-tables.js';
import { compareYnl } from './ynl.js';

interface ShownLink extends Shown {
  readonly ifindex: number;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: Shown;
    readonly info_slave_kind?: string;
    readonly info_slave_data?: Shown;
  };
}

/** `ip -j -d -s -s link`: settings, statistics, the data of the kind, and the data of a port of a master. */
function compareLinks({ shown, answers, links }: Scene): void {
  const rows = answers.flatMap(({ op, rows: found }) => (op === 'getlink' ? found : [])) as unknown as LinkRow[];
  const table = (shown as ShownLink[]).filter(({ ifindex }) => ifindex !== undefined);
  expect(rows.map(({ ifiIndex }) => ifiIndex)).to.include.members(table.map(({ ifindex }) => ifindex));
  for (const { linkinfo = {}, ...plain } of table) {
    const name = String(plain['ifname']);
    const row = rows.find(({ ifiIndex }) => ifiIndex === plain.ifindex)!;
    compareFields(name, plain, row, linkFields(links));
    expect(row.linkinfo?.kind, `${name}.kind`).to.equal(linkinfo.info_kind);
    expect(row.linkinfo?.slaveKind, `${name}.slaveKind`).to.equal(linkinfo.info_slave_kind);
    for (const [part, decoded] of [
      ['data', linkinfo.info_data],
      ['slaveData', linkinfo.info_slave_data],
    ] as const) {
      const info = linkInfoOf(row, links, part);
      if (decoded !== undefined && info === undefined) throw new Error(`${name}: nothing is compared with ${JSON.stringify(decoded)}`);
      if (decoded !== undefined) compareFields(`${name}.${part}`, decoded, info!.value, info!.fields);
    }
  }
}

/** Attributes that the specification declares wrongly; its header documents them. */
const OVERLAID = {
  '.prop-list.alt-ifname': 'comes many times',
  '.linkinfo.data.mcast-querier-state': 'is a nest (BRIDGE_QUERIER_*)',
  '.linkinfo.data.bridge-id.prio': 'is big-endian (struct ifla_bridge_id)',
  '.linkinfo.data.root-id.prio': 'is big-endian (struct ifla_bridge_id)',
};

export const comparer: FamilyComparer = {
  schema: rtLinkSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.startsWith('ynl ')) compareYnl(rtLinkSchema, answers[0]!.op, shown, answers[0]!.rows, { overlaid: OVERLAID });
    else if (command.includes(' stats ')) compareStatistics(scene);
    else if (command.startsWith('bridge ')) compareBridge(scene);
    else compareLinks(scene);
  },
};
