import type { GetqdiscReply, GettfilterReply } from '../../../families/generated/tc.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import { ObjectTable } from './object-table.js';
import { CLSACT, majorOf, ROOT } from './qdiscs.js';

/** A request that writes, lists or deletes filters. @internal */
export type FilterAttributes = Partial<GettfilterReply>;

/** TC_H_CLSACT with TC_H_MIN_INGRESS, and with TC_H_MIN_EGRESS (uapi/linux/pkt_sched.h). */
const INGRESS = 0xffff_fff2;
const EGRESS = 0xffff_fff3;

/** The first hash table that the kernel creates for the filters of a priority of u32, and the first number in it. */
const FIRST_TABLE = 0x8000_0000;
const FIRST_NODE = 0x800;

/** The first priority that the kernel chooses. */
const FIRST_PRIORITY = 0xc000;

/** The filters of qdiscs and classes, with their options as they are written; no packet passes them. @internal */
export class FilterTable {
  readonly #tables: NetworkTables;
  readonly #objects: ObjectTable<GettfilterReply>;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
    this.#objects = new ObjectTable({
      keyOf: ({ ifindex, parent, chain = 0, info, handle }) => `${ifindex} ${parent} ${chain} ${info} ${handle}`,
      notify: (change, row, isCaused) => this.#tables.notify.object('tfilter', change, row, isCaused),
    });
  }

  /** Returns the rows of a dump: those of one parent, by their priorities. @throws Rejection */
  rows(request: FilterAttributes): readonly GettfilterReply[] {
    const { ifindex, parent } = this.#place(request);
    const rows = this.#objects.all().filter((row) => row.ifindex === ifindex && row.parent === parent);
    return rows.sort((one, other) => (one.info >>> 16) - (other.info >>> 16));
  }

  /** Returns true if a parent has filters. */
  has(ifindex: number, parent: number): boolean {
    return this.#objects.all().some((row) => row.ifindex === ifindex && row.parent === parent);
  }

  /** Adds or changes a filter (RTM_NEWTFILTER). @throws Rejection */
  add(request: FilterAttributes, flags: number): void {
    const { kind, options, info = 0, handle = 0, chain = 0 } = request;
    const place = this.#place(request);
    const priority = info >>> 16 === 0 ? FIRST_PRIORITY : info >>> 16;
    const key = { ...place, chain, info: ((priority << 16) | (info & 0xffff)) >>> 0 };
    const row = { family: 0, ...key, handle: this.#handleOf(key, kind, handle), kind } as GettfilterReply;
    const found = this.#objects.find(row);
    this.#objects.write({ ...row, options: { ...(found?.options as object | undefined), ...options } } as GettfilterReply, flags);
  }

  /** Deletes a filter; without a handle, those of a priority (RTM_DELTFILTER). @throws Rejection */
  delete(request: FilterAttributes): void {
    const { info = 0, handle = 0, chain = 0 } = request;
    const { ifindex, parent } = this.#place(request);
    const isMeant = (row: GettfilterReply): boolean =>
      row.ifindex === ifindex &&
      row.parent === parent &&
      (row.chain ?? 0) === chain &&
      row.info === info &&
      (handle === 0 || row.handle === handle);
    if (!this.#objects.all().some(isMeant)) throw new Rejection('ENOENT', 'Filter with specified priority/protocol not found');
    this.#objects.removeAll(isMeant, 'request');
  }

  /** Deletes the filters of a qdisc and of its classes, silently. */
  flush({ ifindex, handle, parent }: GetqdiscReply): void {
    const isSide = (row: GettfilterReply): boolean => parent === CLSACT && (row.parent === INGRESS || row.parent === EGRESS);
    this.#objects.removeAll((row) => row.ifindex === ifindex && (majorOf(row.parent) === handle || isSide(row)), 'silent');
  }

  /** Returns the place of filters; a parent of 0 is the root qdisc. @throws Rejection if it does not exist. */
  #place({ ifindex = 0, parent = 0 }: FilterAttributes): { readonly ifindex: number; readonly parent: number } {
    const { links, qdiscs } = this.#tables;
    if (links.byIndex(ifindex) === undefined) throw new Rejection('ENODEV');
    const isSide = parent === INGRESS || parent === EGRESS;
    const root = parent === 0 ? qdiscs.at(ifindex, ROOT) : undefined;
    const qdisc = isSide ? qdiscs.at(ifindex, CLSACT) : (root ?? qdiscs.byHandle(ifindex, parent));
    if (qdisc === undefined) throw new Rejection('EINVAL', "Parent Qdisc doesn't exists");
    return { ifindex, parent: root?.handle ?? parent };
  }

  /** Returns the handle of a filter: the given one, or the next number of its priority. */
  #handleOf(key: FilterAttributes, kind: string | undefined, given: number): number {
    const isU32 = kind === 'u32';
    if (given !== 0) return isU32 && given < FIRST_TABLE ? FIRST_TABLE + given : given;
    let handle = isU32 ? FIRST_TABLE + FIRST_NODE : 1;
    while (this.#objects.find({ ...key, handle } as GettfilterReply) !== undefined) handle++;
    return handle;
  }
}
