import { lastValueFrom } from 'rxjs';
import type { tc, GetqdiscReply, GettfilterReply, NewtfilterRequest } from '../../../lib/families/tc.js';
import { networkOrder16 } from '../../support/host-order.js';
import { writable } from './exceptions.js';

const MADE = { create: true, exclusive: true };
/** TC_H_CLSACT with the minors of its hooks. */
const HOOKS = [0xfffffff2, 0xfffffff3];
/** TCM_IFINDEX_MAGIC_BLOCK: filters of a shared block belong to no device. */
const SHARED = -1;

type TrafficControl = ReturnType<typeof tc>;

/** Copies the filters of one device; those of its shared blocks are listed with the blocks. */
export async function copyFilters(
  source: TrafficControl,
  target: TrafficControl,
  ifindex: number,
  qdiscs: readonly GetqdiscReply[],
): Promise<void> {
  for (const parent of [...qdiscs.map(({ handle }) => handle), ...HOOKS]) await copyOf(source, target, ifindex, parent);
}

/** Copies the filters of each shared block once. */
export async function copyBlocks(source: TrafficControl, target: TrafficControl, qdiscs: readonly GetqdiscReply[]): Promise<void> {
  for (const block of new Set(qdiscs.flatMap((row) => blocksOf(row)))) await copyOf(source, target, SHARED, block);
}

/** Returns the blocks that a qdisc names: those of its hooks, and those that filter its events. */
function blocksOf({ ingressBlock, egressBlock, kind, options }: GetqdiscReply): number[] {
  const { earlyDropBlock, markBlock } = kind === 'red' ? (options ?? {}) : {};
  return [ingressBlock, egressBlock, earlyDropBlock, markBlock].filter((block) => block !== undefined);
}

async function copyOf(source: TrafficControl, target: TrafficControl, ifindex: number, parent: number): Promise<void> {
  const rows = await lastValueFrom(source.list('gettfilter', { ifindex, parent }));
  const own = rows.filter((row) => row.ifindex === ifindex);
  for (const row of inOrder(own)) await lastValueFrom(target.do('newtfilter', withOuterType(writable('new filter', row)), MADE));
}

/**
 * Returns the rows in an order in which they can be written. For most kinds that is the order of the dump, without the rows that
 * only name a priority. Filters of u32 refer to hash tables. The kernel makes and numbers the first table of each priority with
 * the priority.
 */
function inOrder(rows: readonly GettfilterReply[]): readonly GettfilterReply[] {
  const others = rows.filter(({ kind, options, handle }) => kind !== 'u32' && options !== undefined && handle !== 0);
  const hashed = rows.filter(({ kind }) => kind === 'u32');
  const tables = hashed.filter(isTable);
  // A dump lists the tables of a priority from the newest to the first.
  const first = tables.filter((row, at) => tables.slice(at + 1).every(({ info, chain }) => info !== row.info || chain !== row.chain));
  const priorities = first
    .sort((one, other) => one.handle - other.handle)
    .map(({ info, chain }) => hashed.find((row) => row.options === undefined && row.info === info && row.chain === chain)!);
  const further = tables.filter((row) => !first.includes(row)).reverse();
  const keys = hashed.filter((row) => row.options !== undefined && !isTable(row));
  return [...others, ...priorities, ...further, ...keys];
}

function isTable({ kind, options }: GettfilterReply): boolean {
  return kind === 'u32' && options?.divisor !== undefined;
}

/** A flower filter for VLANs reports the inner type twice (fl_dump_key); `tc` prints the filter's protocol as the outer type. */
function withOuterType(row: GettfilterReply): NewtfilterRequest {
  if (row.kind !== 'flower' || row.options?.keyVlanEthType === undefined) return row;
  return { ...row, options: { ...row.options, keyEthType: networkOrder16(row.info) } };
}
