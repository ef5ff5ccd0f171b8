import type { MessageInit } from '../wire/index.js';
import { PendingRequest } from './pending-request.js';
import { requestTraits } from './request-traits.js';

/** Requests for one datagram, as whoever submits them knows them. @internal */
export interface DatagramEntries<Context> {
  readonly inits: readonly MessageInit[];
  /** How errors call one of them. */
  operation(index: number): string;
  /** Who waits for one of them. Asked at once for the last; for another only when something comes for it alone. */
  context(index: number): Context;
}

/**
 * The requests that stand before the last one in its datagram, under consecutive numbers but for those that bring one.
 *
 * Nothing comes for most of them: they end with the last. So each is made a {@link PendingRequest} only when something does.
 *
 * @internal
 */
export class RequestBlock<Context> {
  readonly entries: DatagramEntries<Context>;
  /** How many there are. */
  readonly count: number;
  /** Indices of those that bring a number of their own. */
  readonly numbered: readonly number[];
  /** Those that something has come for, by their index, ended or not. */
  readonly members: Map<number, PendingRequest<Context>> = new Map();
  /** Number of the first; 0 until they are sent. */
  first = 0;
  /** Port ID of the socket that they are sent by. */
  portId = 0;
  readonly #protocol: number;

  /** @throws RangeError if two of the datagram bring the same number. */
  constructor(protocol: number, entries: DatagramEntries<Context>) {
    const { inits } = entries;
    this.entries = entries;
    this.count = inits.length - 1;
    this.numbered = numberedIn(inits);
    this.#protocol = protocol;
  }

  /** Gives them their numbers. */
  begin(first: number, portId: number): void {
    this.first = first;
    this.portId = portId;
  }

  /** The number that one of them is sent under. */
  sequenceOf(index: number): number {
    const { sequence } = this.entries.inits[index]!;
    return sequence === undefined || sequence === 0 ? (this.first + index) >>> 0 : sequence;
  }

  /** Which one has a number, of those that were given theirs; -1 where none has. */
  indexOf(sequence: number): number {
    const index = this.first === 0 ? -1 : (sequence - this.first) >>> 0;
    return index < this.count ? index : -1;
  }

  /** Tells whether a message with this number is for one of them. */
  owns(sequence: number): boolean {
    return this.indexOf(sequence) >= 0 || this.numbered.some((index) => this.entries.inits[index]!.sequence === sequence);
  }

  /** Makes one of them known. */
  member(index: number, abandoned: boolean): PendingRequest<Context> {
    let member = this.members.get(index);
    if (member === undefined) {
      const init = this.entries.inits[index]!;
      const traits = requestTraits(this.#protocol, init, { dump: false, operation: this.entries.operation(index) }, true);
      member = new PendingRequest(init, traits, this.entries.context(index));
      member.sequence = this.sequenceOf(index);
      member.portId = init.portId ?? this.portId;
      member.abandoned = abandoned;
      this.members.set(index, member);
    }
    return member;
  }
}

function numberedIn(inits: readonly MessageInit[]): number[] {
  const indices: number[] = [];
  const sequences = new Set<number>();
  for (let index = 0; index < inits.length; index++) {
    const { sequence } = inits[index]!;
    if (sequence === undefined || sequence === 0) continue;
    if (sequences.has(sequence))
      throw new RangeError(`datagram: two requests have sequence number ${sequence}; expected different numbers`);
    sequences.add(sequence);
    indices.push(index);
  }
  return indices.filter((index) => index < inits.length - 1);
}
