import type { PendingRequest } from './pending-request.js';

const NONE: readonly never[] = [];

/**
 * Requests by sequence number, in the order in which they were added.
 *
 * Most programs have one request in flight at a time: that one needs no table, which V8 would allocate again at each removal.
 *
 * @internal
 */
export class RequestMap<Context> {
  #only: PendingRequest<Context> | undefined;
  /** Never empty, for the reason that `RequestQueue` names. */
  #table: Map<number, PendingRequest<Context>> | undefined;

  get size(): number {
    return this.#only === undefined ? (this.#table?.size ?? 0) : 1;
  }

  get isEmpty(): boolean {
    return this.#only === undefined && this.#table === undefined;
  }

  get(sequence: number): PendingRequest<Context> | undefined {
    const only = this.#only;
    if (only !== undefined) return only.sequence === sequence ? only : undefined;
    return this.#table?.get(sequence);
  }

  has(sequence: number): boolean {
    return this.get(sequence) !== undefined;
  }

  /** Adds a request, or takes the place of the one with its number. */
  add(request: PendingRequest<Context>): void {
    const only = this.#only;
    if (only === undefined ? this.isEmpty : only.sequence === request.sequence) {
      this.#only = request;
      return;
    }
    const table = (this.#table ??= new Map<number, PendingRequest<Context>>());
    if (only !== undefined) table.set(only.sequence, only);
    this.#only = undefined;
    table.set(request.sequence, request);
  }

  delete(sequence: number): void {
    if (this.#only?.sequence === sequence) this.#only = undefined;
    const table = this.#table;
    if (table?.delete(sequence) === true && table.size === 0) this.#table = undefined;
  }

  clear(): void {
    this.#only = undefined;
    this.#table = undefined;
  }

  values(): Iterable<PendingRequest<Context>> {
    return this.#only === undefined ? (this.#table?.values() ?? NONE) : [this.#only];
  }
}
