import { expect } from 'chai';
import type { RtNeighFamily } from '../../../lib/families/rt-neigh.js';
import type { Scene } from '../comparer.js';
import { byConvention } from './conventions.js';
import { compareFields, hex, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';

type Table = RtNeighFamily['dump']['getneightbl']['reply'];

/** Timestamps that the tool computes from its own clock. */
const MOMENTS = ['last_flush', 'last_rand'];

/** The properties of `ip -s ntable`: for each family one row of the whole table, and one of each interface. */
const tableFields = (names: LinkNames): Fields<Table> => {
  const parameter =
    (name: keyof NonNullable<Table['parms']>) =>
    ({ parms }: Table): number =>
      Number(parms?.[name]);
  const plain = byConvention<object>();
  const own: Fields<Table> = {
    family: ({ family }) => (family === 10 ? 'inet6' : 'inet'),
    name: ({ name }) => name,
    dev: ({ parms }) => names.of(parms?.ifindex),
    thresh1: ({ thresh1 }) => thresh1,
    thresh2: ({ thresh2 }) => thresh2,
    thresh3: ({ thresh3 }) => thresh3,
    gc_interval: ({ gcInterval }) => Number(gcInterval),
    key_length: ({ config }) => config?.keyLen,
    hash_rnd: ({ config }) => config?.hashRnd,
    hash_mask: ({ config }) => hex(config?.hashMask ?? -1),
    refcnt: parameter('refcnt'),
    reachable: parameter('reachableTime'),
    base_reachable: parameter('baseReachableTime'),
    retrans: parameter('retransTime'),
    gc_stale: parameter('gcStaletime'),
    delay_probe: parameter('delayProbeTime'),
    queue: parameter('queueLen'),
    proxy_queue: parameter('proxyQlen'),
  };
  const places = [(row: Table) => row.config, (row: Table) => row.stats, (row: Table) => row.parms];
  return new Proxy(own, {
    get: (table, key: string) =>
      table[key] ??
      ((row: Table, shown: unknown) => places.map((place) => plain[key]!(place(row) ?? {}, shown)).find((value) => value !== undefined)),
  });
};

/** Returns all rows, in the order of the dump. */
export function compareTables({ shown, answers, links }: Scene): void {
  const rows = answers.flatMap(({ rows: found }) => found) as unknown as Table[];
  const table = shown as readonly Shown[];
  expect(rows.length).to.equal(table.length);
  expect(rows).to.not.have.length(0);
  table.forEach((row, index) => {
    const lasting = Object.fromEntries(Object.entries(row).filter(([key]) => !MOMENTS.includes(key)));
    compareFields(`${String(row['name'])} ${String(row['dev'])}`, lasting, rows[index]!, tableFields(links));
  });
}
