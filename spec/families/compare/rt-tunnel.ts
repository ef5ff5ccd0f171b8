import { expect } from 'chai';
import { rtTunnelSchema } from '../../../lib/families/generated/rt-tunnel.js';
import type { RtTunnelFamily } from '../../../lib/families/rt-tunnel.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

type Device = RtTunnelFamily['dump']['gettunnel']['reply'];
type Entry = NonNullable<Device['entry']>[number];

/** The address that `bridge` prints in one place if it is a multicast address, and in the other if it is not. */
const address =
  (isGroup: boolean) =>
  ({ group, group6 }: Entry): string | undefined => {
    const text = group ?? group6;
    return text !== undefined && /^(22[4-9]|23\d|ff)/.test(text) === isGroup ? text : undefined;
  };

const fields: Fields<Entry> = {
  vni: ({ start }) => start,
  vniEnd: ({ end }) => end,
  group: address(true),
  remote: address(false),
  stats: ({ stats }) =>
    Object.fromEntries(
      Object.entries(stats ?? {}).map(([name, value]) => [
        name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        Number(value),
      ]),
    ),
};

/** The keys of `bridge` for an entry: a range of one VNI has no end. */
const keysOf = ({ group, group6, ...rest }: Entry): number => Object.keys(rest).length + ((group ?? group6) === undefined ? 0 : 1);

export const comparer: FamilyComparer = {
  schema: rtTunnelSchema,
  compare({ shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as readonly Device[];
    const table = shown as readonly { readonly ifname: string; readonly vnis: readonly Shown[] }[];
    // One device may need several messages.
    expect([...new Set(rows.map(({ ifindex }) => links.of(ifindex)))]).to.deep.equal(table.map(({ ifname }) => ifname));
    for (const { ifname, vnis } of table) {
      const entries = rows.filter(({ ifindex }) => links.of(ifindex) === ifname).flatMap(({ entry }) => entry ?? []);
      expect(entries.length).to.equal(vnis.length);
      vnis.forEach((row, index) => {
        compareFields(`${ifname} ${String(row['vni'])}`, row, entries[index]!, fields);
        expect(keysOf(entries[index]!)).to.equal(Object.keys(row).length);
      });
    }
  },
};
