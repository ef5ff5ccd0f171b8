import { randomBytes } from 'node:crypto';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { DecodeError, type NetlinkError } from '../../errors/index.js';
import { hostIsLittleEndian } from '../../wire/index.js';
import { openSubject, socketSubject } from '../subjects.js';
import { clientToken } from '../server/inbox.js';
import { ConnectionMonitor, type MonitorListener } from '../server/connection-monitor.js';
import { hostError, notConnected, notPermitted, openingError } from './failures.js';
import { FrameReader, FrameWriter, FromHost, ToHost } from './frames.js';
import { VERSION, readFailure, readObject, readWelcome, type OpenRequest, type Welcome } from './opening.js';
import { rewriteDatagram, rewriteSlab } from './port-ids.js';
import { RemoteSetup } from './remote-setup.js';
import type { RemoteSettings } from './remote-settings.js';

/** The bytes of requests that may wait for the answer of the host. */
const MOST_WAITING = 16 << 20;

/** The largest slab of a host, and the bytes that may arrive before its answer. */
const LARGEST_SLAB = 64 << 20;

/** The callbacks and the facts that a session gets from its socket. @internal */
export interface RemoteSessionOptions {
  readonly protocol: number;
  readonly datagramSize: number;
  readonly netns: string | undefined;
  /** The port ID that the socket shows. */
  readonly portId: number;
  readonly setup: RemoteSetup;
  /** Receives a checked slab. */
  slab(slab: ArrayBuffer, dropped: number): void;
  /** Called once, from the event loop, when the session has ended by itself. */
  ended(error: NetlinkError): void;
}

/**
 * The exchange of messages with a host for one socket: opens it, counts what goes in each direction, and ends when the host is silent.
 *
 * @internal
 */
export class RemoteSession implements MonitorListener {
  /** The bytes that may be under way from the host. */
  window: number;
  receiveBuffer: number | undefined;
  readonly #nats: NatsConnection;
  readonly #monitor: ConnectionMonitor;
  readonly #settings: RemoteSettings;
  readonly #options: RemoteSessionOptions;
  readonly #id = randomBytes(9).toString('base64url');
  readonly #client: string;
  readonly #writer: FrameWriter;
  readonly #reader = new FrameReader(LARGEST_SLAB);
  readonly #subscription: Subscription;
  #isOpen = false;
  #ended = false;
  /** The datagrams, and what arrives, before the answer of the host. */
  #waiting: Uint8Array[] = [];
  #early: Uint8Array[] = [];
  #waitingSize = 0;
  #earlySize = 0;
  #hostPortId = 0;
  #sent = 0;
  #received = 0;
  #written = 0;
  #beat: NodeJS.Timeout | undefined;

  /** @throws FleetError if the connection to the server is lost. */
  constructor(nats: NatsConnection, settings: RemoteSettings, options: RemoteSessionOptions) {
    const { host } = settings;
    this.#nats = nats;
    this.#monitor = ConnectionMonitor.of(nats);
    this.#settings = settings;
    this.#options = options;
    this.window = settings.window;
    if (!this.#monitor.connected) {
      throw notConnected(host, 'closed', 'cannot be reached: the connection to the server is lost; try again when it is back');
    }
    this.#client = clientToken(nats);
    const tx = socketSubject(host, this.#client, this.#id, 'tx');
    const payloadLimit = nats.info?.max_payload ?? 1 << 20;
    this.#writer = new FrameWriter((frame) => {
      this.#written++;
      nats.publish(tx, frame);
    }, payloadLimit);
    this.#subscription = nats.subscribe(socketSubject(host, this.#client, this.#id, 'rx'), {
      callback: (error, message) => this.#arrive(error, message),
    });
    this.#monitor.add(this);
    // A socket sets its switches and joins its groups right after opening: they are a part of the request.
    queueMicrotask(() => void this.#open());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends a datagram to the host's kernel. Returns false if too many wait for the answer of the host. */
  send(datagram: Uint8Array): boolean {
    if (this.#isOpen) this.#transmit(datagram);
    else {
      if (this.#waitingSize > MOST_WAITING) return false;
      this.#waiting.push(datagram);
      this.#waitingSize += datagram.byteLength;
    }
    this.#sent = (this.#sent + 1) >>> 0;
    return true;
  }

  /** Sends a frame without a body. Before the answer of the host it does nothing: then the whole setup is sent. */
  write(kind: number, argument = 0, body?: Uint8Array): void {
    if (this.#ended || !this.#isOpen) return;
    try {
      this.#writer.write(kind, argument, body);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      setImmediate(() => this.#end(notConnected(this.#settings.host, 'closed', `cannot be reached: ${text}`, error)));
    }
  }

  close(): void {
    if (this.#ended) return;
    if (this.#monitor.connected) this.write(ToHost.Close);
    this.#release();
  }

  lost(): void {
    const text = 'cannot be reached: the connection to the server is lost; subscribe again when it is back';
    this.#end(notConnected(this.#settings.host, 'closed', text));
  }

  denied(subject: string): void {
    const { host } = this.#settings;
    if (subject === socketSubject(host, this.#client, this.#id, 'tx')) this.#end(notPermitted(host, subject));
  }

  async #open(): Promise<void> {
    if (this.#ended) return;
    const { host, openTimeout, window } = this.#settings;
    const { protocol, netns, datagramSize, setup } = this.#options;
    const before = new RemoteSetup(setup);
    const request: OpenRequest = {
      version: VERSION,
      id: this.#id,
      protocol,
      netns,
      datagramSize,
      window,
      options: Object.fromEntries(before.switches),
      groups: before.sortedGroups,
      sendBuffer: before.wantedSendBuffer,
    };
    let answer: ReturnType<typeof readWelcome>;
    try {
      // A host may publish at the subjects of its sockets only, so that its answer comes there.
      const reply = socketSubject(host, this.#client, this.#id, 'welcome');
      const { data } = await this.#nats.request(openSubject(host), JSON.stringify(request), { timeout: openTimeout, noMux: true, reply });
      answer = readWelcome(data);
    } catch (error) {
      const isAnswer = error instanceof TypeError;
      const text = isAnswer ? `sent an answer that is not valid: ${error.message}` : '';
      this.#end(isAnswer ? notConnected(host, 'closed', text, error) : openingError(host, error, openTimeout));
      return;
    }
    if ('failure' in answer) this.#end(hostError(host, answer.failure));
    else this.#welcome(answer, before);
  }

  #welcome(welcome: Welcome, before: RemoteSetup): void {
    if (this.#ended) {
      // It was closed before the answer came.
      if (this.#monitor.connected) this.#writer.write(ToHost.Close);
      return;
    }
    if ((welcome.byteOrder === 'little') !== hostIsLittleEndian) {
      const text = `has another byte order than this machine (${welcome.byteOrder}-endian); use a client on a machine of that byte order`;
      return this.#end(notConnected(this.#settings.host, 'closed', text));
    }
    this.#isOpen = true;
    this.#hostPortId = welcome.portId;
    this.window = Math.min(welcome.window, this.window);
    this.receiveBuffer = welcome.receiveBuffer;
    this.#startBeats(welcome.beat);
    for (const change of this.#options.setup.changesSince(before)) this.write(...change);
    for (const datagram of this.#waiting.splice(0)) this.#transmit(datagram);
    for (const bytes of this.#early.splice(0)) this.#receive(bytes);
  }

  #startBeats(beat: number): void {
    let silent = 0;
    let received = this.#received;
    let written = this.#written;
    // Counts beats instead of time: a program that was busy or stopped for a while has not read what has arrived meanwhile.
    this.#beat = setInterval(() => {
      silent = this.#received === received ? silent + 1 : 0;
      received = this.#received;
      if (silent >= this.#settings.silentAfter) {
        const text = `has been silent for ${silent * beat} ms; check that its program runs and is not stopped`;
        return this.#end(notConnected(this.#settings.host, 'silent', text));
      }
      if (written === this.#written) this.write(ToHost.Beat);
      written = this.#written;
    }, beat);
    // The connection to the server keeps the process alive.
    this.#beat.unref();
  }

  #transmit(datagram: Uint8Array): void {
    rewriteDatagram(datagram, this.#options.portId, this.#hostPortId);
    this.write(ToHost.Datagram, 0, datagram);
  }

  #arrive(error: Error | null, message: Msg): void {
    if (this.#ended) return;
    const { host } = this.#settings;
    if (error !== null) return this.#end(notPermitted(host, socketSubject(host, this.#client, this.#id, 'rx'), error));
    this.#received++;
    if (this.#isOpen) return this.#receive(message.data);
    this.#early.push(message.data.slice());
    this.#earlySize += message.data.byteLength;
    if (this.#earlySize > LARGEST_SLAB) this.#fail('it sends messages without having opened the socket');
  }

  #receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    const frame = this.#reader.read(bytes);
    if (frame === 'part') return;
    if ('fault' in frame) return this.#fail(frame.fault);
    if (frame.kind === FromHost.End) return this.#end(hostError(this.#settings.host, failureIn(frame.body)));
    if (frame.kind !== FromHost.Slab) return;
    try {
      const { slab, dropped } = rewriteSlab(
        frame.body.buffer as ArrayBuffer,
        this.#hostPortId,
        this.#options.portId,
        frame.argument === this.#sent,
      );
      this.#options.slab(slab, dropped);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#fail(error.message);
    }
  }

  #fail(text: string): void {
    this.#end(notConnected(this.#settings.host, 'closed', `sent something that cannot be used: ${text}; subscribe again`));
  }

  #end(error: NetlinkError): void {
    if (this.#ended) return;
    if (this.#isOpen && this.#monitor.connected && error.code !== 'EACCES') this.write(ToHost.Close);
    this.#release();
    this.#options.ended(error);
  }

  #release(): void {
    this.#ended = true;
    clearInterval(this.#beat);
    this.#monitor.remove(this);
    this.#waiting = [];
    this.#early = [];
    if (!this.#nats.isClosed()) this.#subscription.unsubscribe();
  }
}

function failureIn(body: Uint8Array): ReturnType<typeof readFailure> {
  try {
    return readFailure(readObject(body));
  } catch {
    return readFailure(undefined);
  }
}
