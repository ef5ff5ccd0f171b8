import { RtTable } from '../../../families/generated/rt-route.js';
import { bitsOf, masked } from '../prefixes.js';
import type { FakeRoute } from './fake-route.js';

/** The routes of one network, by descending TOS and ascending metric. */
type Slot = readonly FakeRoute[];

/** The routes of one table by prefix length and network. */
type Table = Map<number, Map<bigint, Slot>>;

/** The tables of the routes of one family. @internal */
export class RouteStore {
  readonly #family: number;
  /** A table that has had a route exists; these exist from the start. */
  readonly #tables = new Map<number, Table>([
    [RtTable.Main, new Map()],
    [RtTable.Local, new Map()],
  ]);

  constructor(family: number) {
    this.#family = family;
  }

  has(table: number): boolean {
    return this.#tables.has(table);
  }

  /** Returns the routes of one network, in the kernel's order. */
  slot(table: number, length: number, number: bigint): Slot {
    return this.#tables.get(table)?.get(length)?.get(number) ?? [];
  }

  setSlot(table: number, length: number, number: bigint, slot: Slot): void {
    let lengths = this.#tables.get(table);
    if (lengths === undefined) this.#tables.set(table, (lengths = new Map<number, Map<bigint, Slot>>()));
    let networks = lengths.get(length);
    if (networks === undefined) lengths.set(length, (networks = new Map<bigint, Slot>()));
    if (slot.length === 0) networks.delete(number);
    else networks.set(number, slot);
  }

  /** Adds a route before or behind the others with its TOS and metric. */
  insert(route: FakeRoute, place: 'first' | 'last'): void {
    const { table, length, number, tos, metric } = route;
    const slot = this.slot(table, length, number);
    const isBehind = (other: FakeRoute): boolean => other.tos > tos || (other.tos === tos && other.metric < metric);
    const isBeside = (other: FakeRoute): boolean => other.tos === tos && other.metric === metric;
    const at = slot.findLastIndex((other) => isBehind(other) || (place === 'last' && isBeside(other))) + 1;
    this.setSlot(table, length, number, slot.toSpliced(at, 0, route));
  }

  replace(former: FakeRoute, route: FakeRoute): void {
    const { table, length, number } = former;
    const slot = this.slot(table, length, number).map((each) => (each === former ? route : each));
    this.setSlot(table, length, number, slot);
  }

  remove(route: FakeRoute): void {
    const { table, length, number } = route;
    this.setSlot(
      table,
      length,
      number,
      this.slot(table, length, number).filter((each) => each !== route),
    );
  }

  /** Returns all routes in the order of a dump: by table, network, and descending or ascending length. */
  all(only?: number): readonly FakeRoute[] {
    const tables = [...this.#tables].filter(([table]) => only === undefined || table === only);
    return tables
      .sort(([one], [other]) => (one & 255) - (other & 255))
      .flatMap(([, lengths]) => {
        const slots = [...lengths.values()].flatMap((networks) => [...networks.values()]);
        const isIpv6 = bitsOf(this.#family) === 128;
        return slots
          .sort(([one], [other]) => compare(one!.number, other!.number) || (isIpv6 ? 1 : -1) * (one!.length - other!.length))
          .flat();
      });
  }

  /** Returns the routes to an address in a table, the longest prefixes first. */
  *matches(table: number, address: bigint): Iterable<FakeRoute> {
    const lengths = this.#tables.get(table);
    if (lengths === undefined) return;
    for (const length of [...lengths.keys()].sort((one, other) => other - one))
      yield* lengths.get(length)?.get(masked(address, length, this.#family)) ?? [];
  }
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : Number(one > other);
}
