import { AckPolicy, DeliverPolicy, ReplayPolicy, type ConsumerConfig } from '@nats-io/jetstream';
import { createInbox, nanos, nuid, type Msg } from '@nats-io/nats-core';
import { Observable, interval, type Subscriber } from 'rxjs';
import type { FleetConnection } from '../server/fleet-connection.js';
import { inboxPrefix } from '../server/inbox.js';

/** Milliseconds between heartbeats of the server while no message arrives. */
const HEARTBEAT = 1000;

/** Missed heartbeats after which the consumer is made again. */
const MISSED = 3;

/** Milliseconds after which the server deletes a consumer without a subscriber. */
const INACTIVE = 30_000;

/** A message of a stream. @internal */
export interface StreamMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly batch: string;
  /** Milliseconds since 1970 when the server stored it, by the server's clock. */
  readonly time: number;
  readonly data: Uint8Array;
}

/** An emission of {@link orderedMessages}. @internal */
export type OrderedStep = { readonly type: 'message'; readonly message: StreamMessage } | { readonly type: 'caughtUp' };

/** The end of a consumer that has to be made again; the text is the reason. @internal */
export class ConsumerLost extends Error {}

/**
 * Reads the messages of a stream in order, by a push consumer without acknowledgements, as long as none is missing.
 *
 * The reader checks the consumer's own sequence and counts the heartbeats. Flow control limits the messages under way to a slow subscriber.
 *
 * @param start - The first sequence; 0 for the first message.
 * @returns An Observable that emits `caughtUp` after the messages that were stored before. It errors with {@link ConsumerLost}, and with the
 * errors of the request that creates the consumer.
 * @internal
 */
export function orderedMessages(
  fleet: FleetConnection,
  stream: string,
  filters: readonly string[],
  start: number,
): Observable<OrderedStep> {
  return new Observable<OrderedStep>((subscriber) => {
    new OrderedConsumer(fleet, stream, subscriber).start(filters, start);
  });
}

class OrderedConsumer {
  readonly #fleet: FleetConnection;
  readonly #stream: string;
  readonly #subscriber: Subscriber<OrderedStep>;
  readonly #name = `rxf-${nuid.next()}`;
  /** The consumer's sequence of the last message. */
  #delivered = 0;
  #isCaughtUp = false;
  #lastArrival = Date.now();
  #created = false;

  constructor(fleet: FleetConnection, stream: string, subscriber: Subscriber<OrderedStep>) {
    this.#fleet = fleet;
    this.#stream = stream;
    this.#subscriber = subscriber;
  }

  start(filters: readonly string[], start: number): void {
    const { connection } = this.#fleet;
    const inbox = createInbox(inboxPrefix(connection));
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) this.#subscriber.error(error);
        else this.#receive(message);
      },
    });
    const subscriber = this.#subscriber;
    subscriber.add(() => {
      if (connection.isClosed()) return;
      subscription.unsubscribe();
      // The server would delete it later.
      if (this.#created) void this.#delete().catch(() => undefined);
    });
    subscriber.add(
      this.#fleet.up.subscribe({
        next: (up) => {
          if (!up) subscriber.error(new ConsumerLost('the connection to the server is lost'));
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    if (!subscriber.closed) void this.#create(inbox, filters, start).catch((error: unknown) => subscriber.error(error));
  }

  async #create(inbox: string, filters: readonly string[], start: number): Promise<void> {
    const manager = await this.#fleet.manager;
    const config: Partial<ConsumerConfig> = {
      name: this.#name,
      ack_policy: AckPolicy.None,
      replay_policy: ReplayPolicy.Instant,
      deliver_subject: inbox,
      flow_control: true,
      idle_heartbeat: nanos(HEARTBEAT),
      inactive_threshold: nanos(INACTIVE),
      max_deliver: 1,
      mem_storage: true,
      num_replicas: 1,
      ...(start > 0 ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start } : { deliver_policy: DeliverPolicy.All }),
      ...(filters.length === 1 ? { filter_subject: filters[0]! } : { filter_subjects: [...filters] }),
    };
    const info = await manager.consumers.add(this.#stream, config);
    this.#created = true;
    if (this.#subscriber.closed) {
      await this.#delete().catch(() => undefined);
      return;
    }
    if (info.num_pending === 0 && this.#delivered === 0) this.#catchUp();
    this.#watchHeartbeats();
  }

  async #delete(): Promise<void> {
    const manager = await this.#fleet.manager;
    if (this.#fleet.isUp) await manager.consumers.delete(this.#stream, this.#name);
  }

  #watchHeartbeats(): void {
    let lastTick = Date.now();
    this.#lastArrival = lastTick;
    this.#subscriber.add(
      interval(HEARTBEAT).subscribe(() => {
        const now = Date.now();
        // While the event loop was held up, heartbeats arrived that are not read yet.
        const wasHeldUp = now - lastTick > 2 * HEARTBEAT;
        lastTick = now;
        if (wasHeldUp) this.#lastArrival = now;
        else if (now - this.#lastArrival > MISSED * HEARTBEAT) this.#lose(`${MISSED} heartbeats are missing`);
      }),
    );
  }

  #receive(message: Msg): void {
    this.#lastArrival = Date.now();
    const code = message.headers?.code ?? 0;
    if (code === 0) this.#deliver(message);
    else if (code === 100) this.#answerStatus(message);
    else this.#lose(`${message.headers?.description ?? 'status'} (${code})`);
  }

  /** Handles a heartbeat, or a request of flow control. */
  #answerStatus(message: Msg): void {
    if (message.reply !== undefined && message.reply !== '') {
      message.respond();
      return;
    }
    const stalled = message.headers?.get('Nats-Consumer-Stalled') ?? '';
    if (stalled !== '') {
      this.#fleet.connection.publish(stalled);
      return;
    }
    const delivered = Number(message.headers?.get('Nats-Last-Consumer') ?? Number.NaN);
    if (Number.isNaN(delivered)) return;
    if (delivered !== this.#delivered) this.#lose(`messages ${this.#delivered + 1} to ${delivered} of the consumer did not arrive`);
    else this.#catchUp();
  }

  #deliver(message: Msg): void {
    const place = placeOf(message.reply ?? '');
    if (place?.consumer !== this.#name) return;
    if (place.delivered !== this.#delivered + 1) {
      this.#lose(`message ${this.#delivered + 1} of the consumer did not arrive`);
      return;
    }
    this.#delivered = place.delivered;
    const { subject, data, headers } = message;
    const batch = headers?.get('Rxf-Batch') ?? '';
    this.#subscriber.next({ type: 'message', message: { subject, sequence: place.sequence, batch, time: place.time, data } });
    if (place.pending === 0) this.#catchUp();
  }

  #catchUp(): void {
    if (this.#isCaughtUp) return;
    this.#isCaughtUp = true;
    this.#subscriber.next({ type: 'caughtUp' });
  }

  #lose(reason: string): void {
    this.#subscriber.error(new ConsumerLost(`stream ${this.#stream}: ${reason}`));
  }
}

/** Reads the reply subject of a message: `$JS.ACK[.domain.account].stream.consumer.deliveries.stream sequence.consumer sequence.time.pending[.random]`. */
function placeOf(reply: string) {
  const parts = reply.split('.');
  if (parts[0] !== '$JS' || parts[1] !== 'ACK') return undefined;
  const at = parts.length === 9 ? 2 : 4;
  const [, consumer, , sequence, delivered, nanoseconds, pending] = parts.slice(at);
  const time = Number(nanoseconds) / 1e6;
  return { consumer, sequence: Number(sequence), delivered: Number(delivered), time, pending: Number(pending) };
}
