import { Exchange, Step, Trust, trustOf } from '../../lib/exchange/index.js';
import type { DatagramEntries, ExchangeOptions, PendingRequest, SubmitOptions } from '../../lib/exchange/index.js';
import { MessageFlags, Protocol, type Message, type MessageInit } from '../../lib/wire/index.js';
import { contentOf, type RequestKey } from '../support/messages.js';

export const PORT = 4242;

/** GETLINK as a dump costs nothing in the window; NEWLINK costs only an ack. */
export const DUMP: MessageInit = { type: 18, flags: MessageFlags.Dump };
export const DO: MessageInit = { type: 16 };
/** GETLINK has a reply of unknown size. */
export const GET: MessageInit = { type: 18 };

/** An exchange whose requests have names, with a log of their outcomes. */
export class Diary {
  readonly exchange: Exchange<string>;
  readonly lines: string[] = [];
  readonly #datagrams = new Map<PendingRequest<string>, readonly string[]>();

  constructor(options: Partial<ExchangeOptions> = {}) {
    this.exchange = new Exchange({ protocol: Protocol.Route, portId: PORT, window: 100_000, firstSequence: 1, ...options });
  }

  submit(name: string, init: MessageInit = DO, options: Partial<SubmitOptions> = {}): PendingRequest<string> {
    return this.exchange.submit(init, { operation: name, ...options }, name);
  }

  datagram(...names: string[]): PendingRequest<string> {
    return this.#submitDatagram(names);
  }

  /** Submits a datagram that ends when the queue is empty. */
  transaction(...names: string[]): PendingRequest<string> {
    return this.#submitDatagram(names, 'drained');
  }

  /** Sends all requests that may be sent now; returns their names. */
  send(): string[] {
    const names: string[] = [];
    for (let request = this.exchange.next(); request !== undefined; request = this.exchange.next()) names.push(request.context);
    return names;
  }

  /** Receives messages as a socket does, which does not pass on the usual parts of a dump, and logs strays also. */
  receive(...messages: Message[]): this {
    for (const message of messages) {
      const trust = trustOf(message.origin);
      const dump = trust === Trust.Reply ? this.exchange.steadyDump() : undefined;
      if (dump?.isUsualPart(message.frame.words, message.start >> 2) === true) {
        if (!dump.abandoned) this.lines.push(`${dump.context} ${contentOf(message)}`);
        continue;
      }
      const request = this.exchange.match(message, trust);
      if (request === undefined) this.lines.push('stray');
      else this.#advance(request, message);
    }
    return this;
  }

  drain(): this {
    for (const request of this.exchange.drained()) {
      this.#end(request, request.error?.code ?? 'complete');
    }
    return this;
  }

  overrun(): this {
    for (const { context } of this.exchange.overrun()) this.lines.push(`${context} lost`);
    return this;
  }

  /** The remaining state: all zeros if nothing leaks. */
  get load(): { inFlight: number; waiting: number; owed: number } {
    const { inFlight, waiting, owed } = this.exchange;
    return { inFlight, waiting, owed };
  }

  #advance(request: PendingRequest<string>, message: Message): void {
    const step = this.exchange.advance(request, message);
    if (request.abandoned) return;
    const { context } = request;
    if (step === Step.Reply || step === Step.LastReply) this.lines.push(`${context} ${contentOf(message)}`);
    if (step === Step.LastReply || step === Step.Complete) this.#end(request, 'complete');
    if (step === Step.Fail) this.#end(request, request.error!.code);
    if (step === Step.Busy) this.lines.push(`${context} busy`);
  }

  #submitDatagram(names: readonly string[], endsBy?: 'drained'): PendingRequest<string> {
    const last = this.exchange.submitDatagram(entriesOf(names), endsBy);
    this.#datagrams.set(last, names);
    return last;
  }

  /** Logs the end of a request, and of the others in its datagram that end with it. */
  #end(request: PendingRequest<string>, how: string): void {
    this.lines.push(`${request.context} ${how}`);
    const others = this.#datagrams.get(request)?.slice(0, -1) ?? [];
    for (const name of others) if (!this.#hasEnded(name)) this.lines.push(`${name} complete`);
  }

  #hasEnded(name: string): boolean {
    return this.lines.some((line) => line.startsWith(`${name} `) && /^(?:complete|lost|E[A-Z]+)$/.test(line.slice(name.length + 1)));
  }
}

/** Returns the entries of one datagram, with names as contexts. */
export function entriesOf(names: readonly string[], inits: readonly MessageInit[] = names.map(() => DO)): DatagramEntries<string> {
  return { inits, operation: (index) => names[index]!, context: (index) => names[index]! };
}

/** Returns the sequence number and port ID of a request in a sent datagram. */
export function memberOf(last: PendingRequest<string>, index: number): RequestKey {
  return { sequence: last.block!.sequenceOf(index), portId: PORT };
}

export const IDLE = { inFlight: 0, waiting: 0, owed: 0 };
export { Trust };
