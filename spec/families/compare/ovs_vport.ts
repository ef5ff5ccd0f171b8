import { expect } from 'chai';
import { ovsVportSchema } from '../../../lib/families/generated/ovs_vport.js';
import type { FamilyComparer } from '../comparer.js';

interface Port {
  readonly number: number;
  readonly name: string;
  readonly kind: string;
  readonly counters: Readonly<Record<string, number>>;
}

/** `ovs-dpctl` shows more counters than the family has: it also reads the interfaces. */
const COUNTERS: Readonly<Record<string, string>> = {
  'RX packets': 'rxPackets',
  'TX packets': 'txPackets',
  'RX bytes': 'rxBytes',
  'TX bytes': 'txBytes',
  'RX errors': 'rxErrors',
  'TX errors': 'txErrors',
  'RX dropped': 'rxDropped',
  'TX dropped': 'txDropped',
};

export const comparer: FamilyComparer = {
  schema: ovsVportSchema,
  compare({ shown, answers }) {
    const rows = answers.flatMap(({ op, mode, rows: found }) => (op === 'get' && mode === 'dump' ? found : []));
    const decoded = rows.map(({ portNo, name, type, stats }) => ({
      number: portNo,
      name,
      kind: type === 'netdev' ? '' : type,
      counters: Object.fromEntries(
        Object.entries(COUNTERS).map(([key, property]) => [key, Number((stats as Readonly<Record<string, bigint>>)[property])]),
      ),
    }));
    const { ports } = shown as { readonly ports: readonly Port[] };
    const plain = ports.map(({ counters, ...port }) => ({
      ...port,
      counters: Object.fromEntries(Object.keys(COUNTERS).map((key) => [key, counters[key]])),
    }));
    expect(decoded).to.deep.equal(plain);
  },
};
