import { tcSchema, type GetqdiscReply, type GettclassReply } from '../../../families/generated/tc.js';
import { MessageFlags } from '../../../wire/index.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import { ObjectTable } from './object-table.js';

/** A request that writes or deletes a qdisc. @internal */
export type QdiscAttributes = Partial<GetqdiscReply>;

/** TC_H_ROOT and TC_H_CLSACT (uapi/linux/pkt_sched.h). @internal */
export const ROOT = 0xffff_ffff;
export const CLSACT = 0xffff_fff1;

/** The handle of `clsact` and `ingress`. */
const CLSACT_HANDLE = 0xffff_0000;

/** The first handle that the kernel chooses. */
const FIRST = 0x8001_0000;

/** Kinds whose classes users create; the classes of other kinds exist by themselves. */
const WITH_OWN_CLASSES: readonly unknown[] = ['drr', 'hfsc', 'htb', 'qfq'];

/** The length of the queue of a new qdisc, in packets. */
const QUEUE = 1000;

/** The qdiscs of links, which keep their options as they are written. @internal */
export class QdiscTable {
  readonly #tables: NetworkTables;
  readonly #objects: ObjectTable<GetqdiscReply>;
  #nextHandle = FIRST;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
    this.#objects = new ObjectTable({
      keyOf: ({ ifindex, parent }) => `${ifindex} ${parent}`,
      notify: (change, row, isCaused) => this.#tables.notify.object('qdisc', change, row, isCaused),
    });
  }

  /** Returns the rows of a dump; a link without a root qdisc has `noqueue`. */
  rows({ ifindex = 0 }: QdiscAttributes): readonly GetqdiscReply[] {
    return [...this.#tables.links.all()]
      .filter((device) => ifindex === 0 || device.index === ifindex)
      .flatMap((device) => {
        const own = this.#objects.all().filter((row) => row.ifindex === device.index);
        const root = own.some(({ parent }) => parent === ROOT) ? [] : [rowOf(device.index, ROOT, 0, 'noqueue', undefined)];
        return [...root, ...own];
      });
  }

  /** Returns the qdisc of a link with the major number of a handle. */
  byHandle(ifindex: number, handle: number): GetqdiscReply | undefined {
    const major = majorOf(handle);
    return this.#objects.all().find((row) => row.ifindex === ifindex && row.handle === major);
  }

  /** Returns the qdisc at a place of a link. */
  at(ifindex: number, parent: number): GetqdiscReply | undefined {
    return this.#objects.find({ ifindex, parent } as GetqdiscReply);
  }

  /** Adds, changes or exchanges a qdisc (RTM_NEWQDISC), as `tc_modify_qdisc()` does. @throws Rejection */
  add(request: QdiscAttributes, flags: number): void {
    const { Exclusive, Replace, Create } = MessageFlags;
    const { kind, handle = 0, options } = request;
    const device = this.#tables.links.byIndex(request.ifindex ?? 0);
    if (device === undefined) throw new Rejection('ENODEV');
    const isClsact = kind === 'clsact' || kind === 'ingress';
    const parent = isClsact ? CLSACT : (request.parent ?? ROOT);
    this.#checkParent(device, parent);
    const found = this.at(device.index, parent);
    const isOther = handle !== 0 && !isClsact && found !== undefined && found.handle !== handle;
    const hasOtherKind = found !== undefined && kind !== undefined && kind !== found.kind;
    if (isOther && (flags & Replace) === 0) throw new Rejection('EEXIST', 'NLM_F_REPLACE needed to override');
    const isExchanged = isOther || (handle === 0 && hasOtherKind && (flags & Create) !== 0 && (flags & Replace) !== 0);
    if (found !== undefined && !isExchanged) {
      if ((flags & Exclusive) !== 0) throw new Rejection('EEXIST', 'Exclusivity flag on, cannot modify');
      if (hasOtherKind) throw new Rejection('EINVAL', 'Invalid qdisc name: must match existing qdisc');
      const row = { ...found, ...(options !== undefined && { options: { ...(found.options as object), ...options } }) } as GetqdiscReply;
      this.#objects.put(row, 'request');
      return;
    }
    if ((flags & Create) === 0) throw new Rejection('ENOENT', 'Qdisc not found. To create specify NLM_F_CREATE flag');
    if (kind !== undefined && !isKnownKind(kind)) throw new Rejection('ENOENT', 'Specified qdisc kind is unknown');
    if (found !== undefined) this.#remove(found, false);
    const own = isClsact ? CLSACT_HANDLE : handle === 0 ? this.#newHandle() : handle;
    this.#objects.put(rowOf(device.index, parent, own, kind!, completeOptions(kind!, options)), 'request');
  }

  /** Deletes a qdisc with all that is below it (RTM_DELQDISC). @throws Rejection */
  delete({ ifindex = 0, parent = 0, handle = 0 }: QdiscAttributes): void {
    if (this.#tables.links.byIndex(ifindex) === undefined) throw new Rejection('ENODEV');
    const found = parent === 0 ? this.byHandle(ifindex, handle) : this.at(ifindex, parent);
    if (found === undefined || (handle !== 0 && handle !== found.handle)) throw new Rejection('ENOENT', 'Invalid handle');
    this.#remove(found, true);
  }

  /** Deletes the qdisc of a class that goes away. */
  removeBelow({ ifindex, handle }: GettclassReply): void {
    const found = this.at(ifindex, handle);
    if (found !== undefined) this.#remove(found, false);
  }

  /** Deletes all qdiscs of a link that goes away. */
  flush({ index }: Device): void {
    for (const row of this.#objects.all()) if (row.ifindex === index) this.#remove(row, false);
  }

  /** The kernel notifies of the qdisc, not of what is below it. */
  #remove(row: GetqdiscReply, isCaused: boolean): void {
    const { ifindex, handle } = row;
    for (const below of this.#objects.all())
      if (below.ifindex === ifindex && !isPlace(below.parent) && majorOf(below.parent) === handle) this.#objects.remove(below, 'silent');
    this.#tables.filters.flush(row);
    this.#tables.classes.flush(row);
    this.#objects.remove(row, isCaused ? 'request' : 'consequence');
  }

  #checkParent({ index }: Device, parent: number): void {
    if (isPlace(parent)) return;
    const above = this.byHandle(index, parent);
    if (above === undefined) throw new Rejection('ENOENT', 'Failed to find specified qdisc');
    const isMissing = WITH_OWN_CLASSES.includes(above.kind) && this.#tables.classes.find(index, parent) === undefined;
    if (isMissing) throw new Rejection('ENOENT', 'Specified class not found');
  }

  #newHandle(): number {
    const handle = this.#nextHandle;
    this.#nextHandle += 0x1_0000;
    return handle;
  }
}

/** Returns the handle of the qdisc of a class. @internal */
export function majorOf(handle: number): number {
  return (handle & 0xffff_0000) >>> 0;
}

/** Returns true for the places of a link; others are below a class. */
function isPlace(parent: number): boolean {
  return parent === ROOT || parent === CLSACT;
}

function isKnownKind(kind: string): boolean {
  const message = tcSchema.subMessages.find(({ name }) => name === 'options-msg');
  return message?.formats.some(({ value }) => value === kind) === true;
}

/** Adds the options that a new qdisc of some kinds reads. */
function completeOptions(kind: string, options: object | undefined): object | undefined {
  if (kind === 'htb') return { directQlen: QUEUE, ...options };
  return kind.startsWith('pfifo') ? { limit: QUEUE, ...options } : options;
}

function rowOf(ifindex: number, parent: number, handle: number, kind: string, options: object | undefined): GetqdiscReply {
  return { family: 0, ifindex, handle, parent, info: 1, kind, ...(options !== undefined && { options }) } as GetqdiscReply;
}
