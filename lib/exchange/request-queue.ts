import type { PendingRequest } from './pending-request.js';

const NONE: readonly never[] = [];

/**
 * Requests in the order in which they were added; any of them may be removed.
 *
 * An empty queue has no Set. A Set that grows links its former tables, which still hold their entries, to its present one: as soon as one of these
 * tables is old, V8 copies the requests of all later ones, although they have ended, until it collects old objects.
 *
 * @internal
 */
export class RequestQueue<Context> {
  #requests: Set<PendingRequest<Context>> | undefined;

  get size(): number {
    return this.#requests === undefined ? 0 : this.#requests.size;
  }

  get isEmpty(): boolean {
    return this.#requests === undefined;
  }

  add(request: PendingRequest<Context>): void {
    (this.#requests ??= new Set()).add(request);
  }

  delete(request: PendingRequest<Context>): void {
    const requests = this.#requests;
    if (requests?.delete(request) === true && requests.size === 0) this.#requests = undefined;
  }

  /** Adds a request as the first one. */
  unshift(request: PendingRequest<Context>): void {
    this.#requests = new Set([request, ...this.values()]);
  }

  clear(): void {
    this.#requests = undefined;
  }

  values(): Iterable<PendingRequest<Context>> {
    return this.#requests ?? NONE;
  }
}
