import type { PendingRequest } from './pending-request.js';
import { isTrusted, type Trust } from './reply-trust.js';
import type { SequenceCounter } from './sequence-counter.js';

/**
 * Requests that were sent and have not ended, by the numbers that they were sent under.
 *
 * @internal
 */
export class InFlight<Context> {
  readonly #requests = new Map<number, PendingRequest<Context>>();
  /** Those of them that have others before them in their datagram. */
  readonly #blocks = new Set<PendingRequest<Context>>();
  readonly #sequences: SequenceCounter;

  constructor(sequences: SequenceCounter) {
    this.#sequences = sequences;
  }

  /** How many there are, those included that end with the last of their datagram. */
  get size(): number {
    let size = this.#requests.size;
    for (const { block } of this.#blocks) size += block!.count - block!.members.size;
    return size;
  }

  get isEmpty(): boolean {
    return this.#requests.size === 0;
  }

  /** Each that is known by itself; a copy, so that they may end meanwhile. */
  list(): PendingRequest<Context>[] {
    return [...this.#requests.values()];
  }

  values(): Iterable<PendingRequest<Context>> {
    return this.#requests.values();
  }

  holds(request: PendingRequest<Context>): boolean {
    return this.#requests.get(request.sequence) === request;
  }

  /** Tells whether a number is taken. */
  has(sequence: number): boolean {
    if (this.#requests.has(sequence)) return true;
    for (const { block } of this.#blocks) if (block!.indexOf(sequence) >= 0) return true;
    return false;
  }

  /** Finds whom a message is for, as far as its number and its origin go. */
  find(sequence: number, trust: Trust): PendingRequest<Context> | undefined {
    const request = this.#requests.get(sequence) ?? (this.#blocks.size === 0 ? undefined : this.#member(sequence, trust));
    return request !== undefined && isTrusted(trust, request.traits.flags) ? request : undefined;
  }

  /** Takes a number for a message that is none of these. */
  takeSequence(): number {
    return this.#sequences.take((sequence) => this.has(sequence));
  }

  /** Notes a request that is sent now, and those before it in its datagram; gives them their numbers. */
  add(request: PendingRequest<Context>, portId: number): void {
    const { block, init } = request;
    request.portId = init.portId ?? portId;
    // 0 is the number of events: no reply could be told from them.
    if (request.sequence === 0) request.sequence = init.sequence ?? 0;
    const silent = request.traits.endsBy === 'sending';
    // Its own number is taken before others are given theirs.
    if (request.sequence !== 0 && !silent) this.#set(request);
    if (block !== undefined) {
      block.begin(0, portId);
      if (!silent) for (const index of block.numbered) this.#set(block.member(index, request.abandoned));
      block.begin(
        this.#sequences.takeRange(block.count + 1, (first, count) => this.#takenIn(first, count)),
        portId,
      );
      if (request.sequence === 0) request.sequence = (block.first + block.count) >>> 0;
      if (!silent) this.#blocks.add(request);
    } else if (request.sequence === 0) request.sequence = this.takeSequence();
    if (!silent) this.#set(request);
  }

  /** Forgets a request; false where it had ended before. */
  remove(request: PendingRequest<Context>): boolean {
    if (!this.holds(request)) return false;
    this.#requests.delete(request.sequence);
    if (request.block !== undefined) this.#blocks.delete(request);
    return true;
  }

  clear(): void {
    this.#requests.clear();
    this.#blocks.clear();
  }

  /** Makes all those known that stand before a request in its datagram, and returns those that have not ended. */
  unfold(last: PendingRequest<Context>): PendingRequest<Context>[] {
    const { block, abandoned } = last;
    if (block === undefined || !this.holds(last)) return [];
    for (let index = 0; index < block.count; index++) {
      if (!block.members.has(index)) this.#set(block.member(index, abandoned));
    }
    return [...block.members.values()].filter((member) => this.holds(member)).sort((one, other) => one.sequence - other.sequence);
  }

  #set(request: PendingRequest<Context>): void {
    this.#requests.set(request.sequence, request);
  }

  /** Makes one known that stands before the last of its datagram: something has come for it. */
  #member(sequence: number, trust: Trust): PendingRequest<Context> | undefined {
    for (const { block, abandoned } of this.#blocks) {
      const index = block!.indexOf(sequence);
      if (index < 0) continue;
      // One that is known already has ended, or goes by another number.
      if (block!.members.has(index) || !isTrusted(trust, block!.entries.inits[index]!.flags ?? 0)) return undefined;
      const member = block!.member(index, abandoned);
      this.#set(member);
      return member;
    }
    return undefined;
  }

  /** Any number of a range that is taken, if one is. */
  #takenIn(first: number, count: number): number | undefined {
    for (const { block } of this.#blocks) {
      const start = block!.first;
      if (start < first + count && first < start + block!.count) return start + block!.count - 1;
    }
    if (this.#requests.size > count) {
      for (let sequence = first; sequence < first + count; sequence++) if (this.#requests.has(sequence)) return sequence;
    } else for (const sequence of this.#requests.keys()) if (sequence >= first && sequence < first + count) return sequence;
    return undefined;
  }
}
