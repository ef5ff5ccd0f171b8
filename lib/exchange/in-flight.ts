import type { PendingRequest } from './pending-request.js';
import { isTrusted, type Trust } from './reply-trust.js';
import { RequestMap } from './request-map.js';
import type { SequenceCounter } from './sequence-counter.js';

/**
 * The requests that were sent and have not ended, by sequence number.
 *
 * @internal
 */
export class InFlight<Context> {
  readonly #requests = new RequestMap<Context>();
  /** The requests that are the last of a datagram with several. */
  #blocks: Set<PendingRequest<Context>> | undefined;
  readonly #sequences: SequenceCounter;

  constructor(sequences: SequenceCounter) {
    this.#sequences = sequences;
  }

  /** The number of requests, including those that end with the last of their datagram. */
  get size(): number {
    let size = this.#requests.size;
    for (const { block } of this.#blocks ?? []) size += block!.count - block!.members.size;
    return size;
  }

  get isEmpty(): boolean {
    return this.#requests.isEmpty;
  }

  /** Returns a copy of the registered requests, so that they may end during an iteration. */
  list(): PendingRequest<Context>[] {
    return [...this.#requests.values()];
  }

  values(): Iterable<PendingRequest<Context>> {
    return this.#requests.values();
  }

  holds(request: PendingRequest<Context>): boolean {
    return this.#requests.get(request.sequence) === request;
  }

  /** Tests whether a request has the sequence number. */
  has(sequence: number): boolean {
    if (this.#requests.has(sequence)) return true;
    if (this.#blocks !== undefined) for (const { block } of this.#blocks) if (block!.indexOf(sequence) >= 0) return true;
    return false;
  }

  /** Returns the request with the sequence number, if it accepts replies of this trust. */
  find(sequence: number, trust: Trust): PendingRequest<Context> | undefined {
    const request = this.#requests.get(sequence) ?? (this.#blocks === undefined ? undefined : this.#member(sequence, trust));
    return request !== undefined && isTrusted(trust, request.traits.flags) ? request : undefined;
  }

  /** Returns a sequence number for a message outside of the exchange. */
  takeSequence(): number {
    return this.isEmpty ? this.#sequences.take() : this.#sequences.take((sequence) => this.has(sequence));
  }

  /** Adds a request that is sent now, and those before it in its datagram; assigns sequence numbers. */
  add(request: PendingRequest<Context>, portId: number): void {
    const { block, init } = request;
    request.portId = init.portId ?? portId;
    // The kernel uses 0 for events: replies could not be distinguished from them.
    if (request.sequence === 0) request.sequence = init.sequence ?? 0;
    const unanswered = request.traits.endsBy === 'sending';
    // Its own number is registered before others are assigned.
    if (request.sequence !== 0 && !unanswered) this.#set(request);
    if (block !== undefined) {
      block.begin(0, portId);
      if (!unanswered) for (const index of block.numbered) this.#set(block.member(index, request.abandoned));
      block.begin(
        this.#sequences.takeRange(block.count + 1, (first, count) => this.#takenIn(first, count)),
        portId,
      );
      if (request.sequence === 0) request.sequence = (block.first + block.count) >>> 0;
      if (!unanswered) (this.#blocks ??= new Set()).add(request);
    } else if (request.sequence === 0) {
      request.sequence = this.takeSequence();
      this.#sequences.skip(request.traits.numbers - 1);
    }
    if (!unanswered) this.#set(request);
  }

  /** Removes a request; returns false if it had ended before. */
  remove(request: PendingRequest<Context>): boolean {
    if (!this.holds(request)) return false;
    this.#requests.delete(request.sequence);
    if (request.block !== undefined) this.#blocks?.delete(request);
    return true;
  }

  clear(): void {
    this.#requests.clear();
    this.#blocks = undefined;
  }

  /** Registers all requests before the last one of a datagram, and returns those that have not ended. */
  unfold(last: PendingRequest<Context>): PendingRequest<Context>[] {
    const { block, abandoned } = last;
    if (block === undefined || !this.holds(last)) return [];
    for (let index = 0; index < block.count; index++) {
      if (!block.members.has(index)) this.#set(block.member(index, abandoned));
    }
    return [...block.members.values()].filter((member) => this.holds(member)).sort((one, other) => one.sequence - other.sequence);
  }

  #set(request: PendingRequest<Context>): void {
    this.#requests.add(request);
  }

  /** Registers a request before the last one of its datagram, because a message for it arrived. */
  #member(sequence: number, trust: Trust): PendingRequest<Context> | undefined {
    for (const { block, abandoned } of this.#blocks ?? []) {
      const index = block!.indexOf(sequence);
      if (index < 0) continue;
      // A member that is registered already has ended, or has another number.
      if (block!.members.has(index) || !isTrusted(trust, block!.inits[index]!.flags ?? 0)) return undefined;
      const member = block!.member(index, abandoned);
      this.#set(member);
      return member;
    }
    return undefined;
  }

  /** Returns a number of the range that is taken, if there is one. */
  #takenIn(first: number, count: number): number | undefined {
    for (const { block } of this.#blocks ?? []) {
      const start = block!.first;
      if (start < first + count && first < start + block!.count) return start + block!.count - 1;
    }
    if (this.#requests.size > count) {
      for (let sequence = first; sequence < first + count; sequence++) if (this.#requests.has(sequence)) return sequence;
    } else for (const { sequence } of this.#requests.values()) if (sequence >= first && sequence < first + count) return sequence;
    return undefined;
  }
}
