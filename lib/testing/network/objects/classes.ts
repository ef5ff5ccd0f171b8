import type { GetqdiscReply, GettclassReply } from '../../../families/generated/tc.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import { ObjectTable } from './object-table.js';
import { majorOf, ROOT } from './qdiscs.js';

/** A request that writes, reads or deletes a class. @internal */
export type ClassAttributes = Partial<GettclassReply>;

/** The classes of qdiscs that programs create, with their options as they are written. @internal */
export class ClassTable {
  readonly #tables: NetworkTables;
  readonly #objects: ObjectTable<GettclassReply>;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
    this.#objects = new ObjectTable({
      keyOf: ({ ifindex, handle }) => `${ifindex} ${handle}`,
      notify: (change, row, isCaused) => this.#tables.notify.object('tclass', change, row, isCaused),
    });
  }

  /** Returns the rows of a dump: those of one link. @throws Rejection */
  rows({ ifindex = 0 }: ClassAttributes): readonly GettclassReply[] {
    if (this.#tables.links.byIndex(ifindex) === undefined) throw new Rejection('ENODEV');
    return this.#objects.all().filter((row) => row.ifindex === ifindex);
  }

  find(ifindex: number, handle: number): GettclassReply | undefined {
    return this.#objects.find({ ifindex, handle } as GettclassReply);
  }

  /** Returns one class (RTM_GETTCLASS). @throws Rejection */
  get({ ifindex = 0, handle = 0 }: ClassAttributes): GettclassReply {
    const found = this.find(ifindex, handle);
    if (found === undefined) throw new Rejection('ENOENT');
    return found;
  }

  /** Adds or changes a class (RTM_NEWTCLASS). A parent that does not exist is ignored, as the kernel does. @throws Rejection */
  add({ ifindex = 0, handle = 0, parent = 0, kind, options }: ClassAttributes, flags: number): void {
    const qdisc = this.#tables.qdiscs.byHandle(ifindex, handle);
    if (qdisc === undefined) throw new Rejection('ENOENT');
    const found = this.find(ifindex, handle);
    const above = this.find(ifindex, parent);
    const row = {
      ...{ family: 0, ifindex, handle, parent: found?.parent ?? (above === undefined ? ROOT : parent), info: 0 },
      ...{ kind: kind ?? qdisc.kind, options: { ...(found?.options as object | undefined), ...options } },
    } as GettclassReply;
    this.#objects.write(row, flags);
    // A class that gets a class below it has no queue of its own any more.
    if (above !== undefined) this.#tables.qdiscs.removeBelow(above);
  }

  /** Deletes a class with its qdisc (RTM_DELTCLASS). @throws Rejection if other classes or filters need it. */
  delete({ ifindex = 0, handle = 0 }: ClassAttributes): void {
    const row = this.get({ ifindex, handle });
    const isParent = this.#objects.all().some((other) => other.ifindex === ifindex && other.parent === handle);
    if (isParent || this.#tables.filters.has(ifindex, handle)) throw new Rejection('EBUSY', `${row.kind!.toUpperCase()} class in use`);
    this.#tables.qdiscs.removeBelow(row);
    this.#objects.remove(row, 'request');
  }

  /** Deletes the classes of a qdisc that goes away, silently. */
  flush({ ifindex, handle }: GetqdiscReply): void {
    this.#objects.removeAll((row) => row.ifindex === ifindex && majorOf(row.handle) === handle, 'silent');
  }
}
