import type { DashboardEvents } from '../protocol.js';

/** Receives the events of the server by their names. */
export type Handlers = { readonly [Name in keyof DashboardEvents]: (data: DashboardEvents[Name]) => void };

/** The state of the connection: the time of the last event, if the page is not connected. */
export type StreamState = { readonly type: 'connecting' | 'live' } | { readonly type: 'lost'; readonly since: Date | undefined };

/** Milliseconds after which the page connects again. */
const RETRY = 1000;
/** Milliseconds without an event, or without an answer, after which a connection counts as lost. The server sends one each second. */
const IDLE = 10_000;
/** Milliseconds after which a hidden page closes its connection: browsers have about six for all pages of one server. */
const HIDDEN = 5000;

/** The connection with the server. It connects again until the page is closed, and has a break while the page is hidden. */
export class Stream {
  readonly #handlers: Handlers;
  readonly #onState: (state: StreamState) => void;
  #source: EventSource | undefined;
  #filters: ReadonlyMap<string, string> = new Map();
  #host: string | undefined;
  #last: Date | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #hide: ReturnType<typeof setTimeout> | undefined;
  #isPaused = document.hidden;

  constructor(handlers: Handlers, onState: (state: StreamState) => void) {
    this.#handlers = handlers;
    this.#onState = onState;
    document.addEventListener('visibilitychange', () => this.#onVisibility());
  }

  /** Connects, or connects again with other filters: text by the names of tables. `host` is one of a fleet. */
  open(filters: ReadonlyMap<string, string>, host?: string): void {
    this.#filters = filters;
    this.#host = host;
    if (!this.#isPaused) this.#connect();
  }

  #onVisibility(): void {
    clearTimeout(this.#hide);
    if (document.hidden) {
      this.#hide = setTimeout(() => this.#pause(), HIDDEN);
    } else if (this.#isPaused) {
      this.#isPaused = false;
      this.#onState({ type: 'connecting' });
      this.#connect();
    }
  }

  #pause(): void {
    this.#isPaused = true;
    this.#close();
  }

  #connect(): void {
    this.#close();
    const filters = [...this.#filters].map(([table, text]): [string, string] => [`filter.${table}`, text]);
    const query = new URLSearchParams(this.#host === undefined ? filters : [['host', this.#host], ...filters]).toString();
    const source = new EventSource(query === '' ? 'events' : `events?${query}`);
    this.#source = source;
    this.#waitForEvent();
    // EventSource gives up after an HTTP error, and a server that starts again answers with one until it is ready.
    source.onerror = () => this.#lose();
    for (const name of Object.keys(this.#handlers) as (keyof DashboardEvents)[]) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => this.#receive(name, data));
    }
  }

  #receive<Name extends keyof DashboardEvents>(name: Name, data: string): void {
    this.#last = new Date();
    this.#waitForEvent();
    this.#handlers[name](JSON.parse(data) as DashboardEvents[Name]);
    this.#onState({ type: 'live' });
  }

  #waitForEvent(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#lose(), IDLE);
  }

  #lose(): void {
    this.#close();
    this.#onState({ type: 'lost', since: this.#last });
    this.#retry = setTimeout(() => this.#connect(), RETRY);
  }

  #close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#idle);
    this.#source?.close();
    this.#source = undefined;
  }
}
