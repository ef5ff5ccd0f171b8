import { Exchange, Step, Trust, trustOf, type ExchangeOptions, type PendingRequest, type SubmitOptions } from '../../lib/exchange/index.js';
import { MessageFlags, Protocol, type Message, type MessageInit } from '../../lib/wire/index.js';
import { contentOf } from '../support/messages.js';

export const PORT = 4242;

/** GETLINK as a dump, NEWLINK: what costs nothing in the window, and what costs only an ack. */
export const DUMP: MessageInit = { type: 18, flags: MessageFlags.Dump };
export const DO: MessageInit = { type: 16 };
/** GETLINK: its answer's size is unknown. */
export const GET: MessageInit = { type: 18 };

/** An exchange whose requests are known by name, with a diary of what became of them. */
export class Diary {
  readonly exchange: Exchange<string>;
  readonly lines: string[] = [];

  constructor(options: Partial<ExchangeOptions> = {}) {
    this.exchange = new Exchange({ protocol: Protocol.Route, portId: PORT, window: 100_000, firstSequence: 1, ...options });
  }

  submit(name: string, init: MessageInit = DO, options: Partial<SubmitOptions> = {}): PendingRequest<string> {
    return this.exchange.submit(init, { operation: name, ...options }, name);
  }

  datagram(...names: string[]): PendingRequest<string> {
    return this.exchange.submitDatagram(names.map((name) => ({ init: DO, operation: name, context: name })));
  }

  /** A datagram that ends when the queue has run empty. */
  transaction(...names: string[]): PendingRequest<string> {
    return this.exchange.submitDatagram(
      names.map((name) => ({ init: DO, operation: name, context: name })),
      'drained',
    );
  }

  /** Sends all that may go now; tells their names. */
  send(): string[] {
    const names: string[] = [];
    for (let request = this.exchange.next(); request !== undefined; request = this.exchange.next()) names.push(request.context);
    return names;
  }

  /** Takes messages as a socket does. Strays are written down too. */
  receive(...messages: Message[]): this {
    for (const message of messages) {
      const request = this.exchange.match(message, trustOf(message.origin));
      if (request === undefined) this.lines.push('stray');
      else this.#advance(request, message);
    }
    return this;
  }

  drain(): this {
    for (const request of this.exchange.drained()) {
      this.lines.push(`${request.context} ${request.error?.code ?? 'complete'}`);
      for (const member of this.exchange.endMembers(request)) this.lines.push(`${member.context} complete`);
    }
    return this;
  }

  overrun(): this {
    for (const { context } of this.exchange.overrun()) this.lines.push(`${context} lost`);
    return this;
  }

  /** How much is left: all zeros where nothing leaks. */
  get load(): { inFlight: number; waiting: number; owed: number } {
    const { inFlight, waiting, owed } = this.exchange;
    return { inFlight, waiting, owed };
  }

  #advance(request: PendingRequest<string>, message: Message): void {
    const step = this.exchange.advance(request, message);
    if (request.abandoned) return;
    const { context } = request;
    if (step === Step.Reply || step === Step.LastReply) this.lines.push(`${context} ${contentOf(message)}`);
    if (step === Step.LastReply || step === Step.Complete) this.lines.push(`${context} complete`);
    if (step === Step.Fail) this.lines.push(`${context} ${request.error?.code}`);
    if (step === Step.Busy) this.lines.push(`${context} busy`);
    if (step === Step.Reply || step === Step.Continue || step === Step.Busy) return;
    for (const member of this.exchange.endMembers(request)) this.lines.push(`${member.context} complete`);
  }
}

export const IDLE = { inFlight: 0, waiting: 0, owed: 0 };
export { Trust };
