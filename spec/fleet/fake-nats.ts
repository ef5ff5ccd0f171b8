import type { Msg, NatsConnection, Status } from '@nats-io/nats-core';

type Callback = (error: Error | null, message: Msg) => void;

/** A NATS server in memory, for specs without a program. Each delivery happens in a later turn of the event loop, in order. */
export class FakeNats {
  /** Every message that was published: its subject and its bytes. */
  readonly published: { readonly subject: string; readonly data: Uint8Array }[] = [];
  /** Returns false for a message that is lost. */
  delivers: (subject: string, data: Uint8Array) => boolean = () => true;
  readonly #subscriptions = new Set<{ readonly subject: string; readonly owner: object; readonly callback: Callback }>();
  readonly #statuses = new Map<object, ((status: Status) => void)[]>();

  /** The number of subscriptions. */
  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  connect(maxPayload: number = 1 << 20): NatsConnection {
    const owner = {};
    this.#statuses.set(owner, []);
    const connection = {
      info: { max_payload: maxPayload },
      isClosed: () => false,
      flush: () => Promise.resolve(),
      publish: (subject: string, data: Uint8Array | string) => this.#publish(subject, typeof data === 'string' ? encode(data) : data),
      subscribe: (subject: string, { callback }: { callback: Callback }) => {
        const subscription = { subject, owner, callback };
        this.#subscriptions.add(subscription);
        return { unsubscribe: () => this.#subscriptions.delete(subscription) };
      },
      request: (subject: string, data: string, { timeout = 5000, reply }: { timeout?: number; reply: string }) =>
        new Promise<Msg>((resolve, reject) => {
          if (!this.#has(subject)) {
            const cause = Object.assign(new Error(`no responders: '${subject}'`), { name: 'NoResponders' });
            reject(new Error(cause.message, { cause }));
            return;
          }
          const end = (): void => {
            clearTimeout(timer);
            this.#subscriptions.delete(subscription);
          };
          const callback = (_: Error | null, message: Msg): void => {
            end();
            resolve(message);
          };
          const subscription = { subject: reply, owner, callback };
          const timer = setTimeout(() => {
            end();
            reject(Object.assign(new Error('timeout'), { name: 'TimeoutError' }));
          }, timeout);
          this.#subscriptions.add(subscription);
          this.#publish(subject, encode(data), reply);
        }),
      status: () => this.#statusOf(owner),
    };
    return connection as unknown as NatsConnection;
  }

  /** Reports a state to all connections. */
  report(status: Status): void {
    for (const listeners of this.#statuses.values()) for (const listener of listeners) listener(status);
  }

  #has(subject: string): boolean {
    return [...this.#subscriptions].some((one) => matches(one.subject, subject));
  }

  #publish(subject: string, data: Uint8Array, reply?: string): void {
    const copy = data.slice();
    this.published.push({ subject, data: copy });
    if (!this.delivers(subject, copy)) return;
    setImmediate(() => {
      for (const one of [...this.#subscriptions])
        if (matches(one.subject, subject)) one.callback(null, { subject, data: copy, reply } as unknown as Msg);
    });
  }

  async *#statusOf(owner: object): AsyncGenerator<Status> {
    const queue: Status[] = [];
    let wake: () => void = () => undefined;
    this.#statuses.get(owner)?.push((status) => {
      queue.push(status);
      wake();
    });
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function matches(pattern: string, subject: string): boolean {
  const parts = subject.split('.');
  const names = pattern.split('.');
  return parts.length === names.length && names.every((name, index) => name === '*' || name === parts[index]);
}
