import { asapScheduler, type Subscription } from 'rxjs';
import type { MessageInit } from '../../wire/index.js';

/** The number of bytes after which the verdicts are sent before the turn has ended. */
const LIMIT = 1 << 15;

/**
 * Collects the verdicts of one turn of the event loop: one datagram costs one system call.
 *
 * @internal
 */
export class VerdictOutbox {
  readonly #send: (messages: readonly MessageInit[]) => void;
  readonly #fail: (error: unknown) => void;
  #messages: MessageInit[] = [];
  #bytes = 0;
  #timer: Subscription | undefined;

  /** @param fail - Receives an error of sending: no caller waits for it. */
  constructor(send: (messages: readonly MessageInit[]) => void, fail: (error: unknown) => void) {
    this.#send = send;
    this.#fail = fail;
  }

  add(message: MessageInit & { readonly payload: Uint8Array }): void {
    this.#messages.push(message);
    this.#bytes += message.payload.byteLength + 16;
    if (this.#bytes >= LIMIT) this.flush();
    else this.#timer ??= asapScheduler.schedule(() => this.flush());
  }

  flush(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    try {
      this.#send(messages);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Removes the verdicts that were not sent: the socket is closed. */
  clear(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#messages = [];
    this.#bytes = 0;
  }
}
