import { MessageFlags, type Message } from '../../lib/wire/index.js';
import { ack, done, part, row, type RequestKey } from '../support/messages.js';
import { PORT } from './support.js';

/** The reaction of the kernel to a request, and the number of its rows. */
export interface Plan {
  readonly kind:
    | 'ack'
    | 'refuse'
    | 'rows, ack'
    | 'parts, ack'
    | 'parts, done, ack'
    | 'rows, no ack'
    | 'dump'
    | 'dump refused'
    | 'dump fails'
    | 'dump interrupted'
    | 'undetected dump';
  readonly rows: number;
}

/** Returns the rows and the end of a request if nothing is lost. */
export function outcomeOf({ kind, rows }: Plan): { readonly rows: number; readonly end: string } {
  if (kind === 'refuse' || kind === 'dump refused') return { rows: 0, end: 'EINVAL' };
  if (kind === 'dump fails') return { rows, end: 'ENODEV' };
  if (kind === 'dump interrupted') return { rows, end: 'EINTR' };
  return { rows: kind === 'ack' ? 0 : kind === 'rows, no ack' ? 1 : rows, end: 'complete' };
}

export const isDump = ({ kind }: Plan): boolean => kind.startsWith('dump');

/**
 * The kernel's side of a netlink socket, as Linux 6.18 behaves: a queue for a few messages. When it is full, the
 * kernel drops new messages until the queue is empty. The parts of a dump wait for space instead; each read makes space
 * for the next part.
 */
export class KernelModel {
  lost = false;
  /** The number of dump parts for which no memory is available; the next read tries again. */
  stalls = 0;
  readonly #capacity: number;
  readonly #queue: Message[] = [];
  #dump: { asked: RequestKey; parts: Message[] } | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Executes a request as `sendmsg` does. `id` distinguishes the rows of different requests. */
  execute({ sequence }: RequestKey, flags: number, plan: Plan, id: number): void {
    const asked = { sequence, portId: PORT };
    const contents = Array.from({ length: plan.rows }, (_, index) => id * 100 + index);
    const acks = (flags & MessageFlags.Ack) !== 0 ? [ack(asked)] : [];
    switch (plan.kind) {
      case 'ack':
        return this.push(...acks);
      case 'refuse':
      case 'dump refused':
        return this.push(ack(asked, -22));
      case 'rows, ack':
        return this.push(...contents.map((content) => row(asked, content)), ...acks);
      case 'rows, no ack':
        return this.push(row(asked, id * 100));
      case 'parts, ack':
        return this.push(...contents.map((content) => part(asked, content)), ...acks);
      case 'parts, done, ack':
        return this.push(...contents.map((content) => part(asked, content)), done(asked), ...acks);
      default:
        return this.#startDump(asked, contents, plan.kind);
    }
  }

  push(...messages: readonly Message[]): void {
    for (const message of messages) {
      if (this.#queue.length >= this.#capacity) this.lost = true;
      if (!this.lost) this.#queue.push(message);
    }
  }

  /** Returns the next message as `recvmsg` does; undefined is EAGAIN. */
  read(): Message | undefined {
    const message = this.#queue.shift();
    if (message !== undefined) this.#feed();
    return message;
  }

  #startDump(asked: RequestKey, contents: readonly number[], kind: Plan['kind']): void {
    if (this.#dump !== undefined) return this.push(ack(asked, -16));
    const flags = kind === 'dump interrupted' ? MessageFlags.DumpInterrupted : 0;
    const end = kind === 'dump fails' ? done(asked, -19) : done(asked, 0, MessageFlags.Multi | (contents.length === 0 ? flags : 0));
    this.#dump = { asked, parts: [...contents.map((content) => part(asked, content, flags)), end] };
    if (this.#queue.length >= this.#capacity) this.push(ack(asked, -105));
    else this.#feed();
  }

  #feed(): void {
    if (this.#dump === undefined || this.#queue.length >= this.#capacity) return;
    if (this.stalls > 0) {
      this.stalls--;
      return;
    }
    this.#queue.push(this.#dump.parts.shift()!);
    if (this.#dump.parts.length === 0) this.#dump = undefined;
  }
}
