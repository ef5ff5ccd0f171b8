import type { MessageInit } from '../wire/index.js';

/** The requests for one datagram, as the caller submits them. @internal */
export interface DatagramEntries<Context> {
  readonly inits: readonly MessageInit[];
  /** The sum of the costs of the requests, if it is known. */
  readonly cost?: number;
  /** Returns the name of a request's operation for errors. */
  operation(index: number): string;
  /** Returns the context of a request. Called at once for the last, and for another only if a message for it arrives. */
  context(index: number): Context;
}

/** The properties of a request in flight that its block sets. @internal */
export interface BlockMember {
  sequence: number;
  portId: number;
  abandoned: boolean;
}

/**
 * The requests before the last one of a datagram. They have consecutive sequence numbers, except those with their own.
 *
 * Most of them receive no message: they end with the last. Therefore a member is created only when a message for it arrives.
 *
 * @typeParam Member - The request in flight that a member becomes.
 * @internal
 */
export class RequestBlock<Member extends BlockMember> {
  readonly inits: readonly MessageInit[];
  /** The number of requests before the last. */
  readonly count: number;
  /** The indices of the requests with their own sequence number. */
  readonly numbered: readonly number[];
  /** The requests for which a message has arrived, by index, including ended ones. */
  readonly members: Map<number, Member> = new Map();
  /** The sequence number of the first; 0 until they are sent. */
  first = 0;
  /** Port ID of the socket that sends them. */
  portId = 0;
  readonly #create: (index: number) => Member;

  /**
   * @param inits - All requests of the datagram, including the last.
   * @param create - Creates the member at an index.
   * @throws RangeError if two of the datagram have the same sequence number.
   */
  constructor(inits: readonly MessageInit[], create: (index: number) => Member) {
    this.inits = inits;
    this.count = inits.length - 1;
    this.numbered = numberedIn(inits);
    this.#create = create;
  }

  /** Assigns the sequence numbers. */
  begin(first: number, portId: number): void {
    this.first = first;
    this.portId = portId;
  }

  /** Returns the sequence number of a request. */
  sequenceOf(index: number): number {
    const { sequence } = this.inits[index]!;
    return sequence === undefined || sequence === 0 ? (this.first + index) >>> 0 : sequence;
  }

  /** Returns the index of the request with an assigned sequence number; -1 if none has it. */
  indexOf(sequence: number): number {
    const index = this.first === 0 ? -1 : (sequence - this.first) >>> 0;
    return index < this.count ? index : -1;
  }

  /** Tests whether one of the requests has the sequence number. */
  owns(sequence: number): boolean {
    return this.indexOf(sequence) >= 0 || this.numbered.some((index) => this.inits[index]!.sequence === sequence);
  }

  /** Returns the member at an index, creating it if needed. */
  member(index: number, abandoned: boolean): Member {
    let member = this.members.get(index);
    if (member === undefined) {
      member = this.#create(index);
      member.sequence = this.sequenceOf(index);
      member.portId = this.inits[index]!.portId ?? this.portId;
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
