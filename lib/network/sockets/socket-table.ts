import { type Observable, concatMap, filter as keep, map, mergeMap, of } from 'rxjs';
import { kindOf } from '../../check/index.js';
import type { InetReply, sockDiag } from '../../families/sock_diag.js';
import { withOwners } from '../../socket/index.js';
import { FieldError } from '../common/field-error.js';
import { NetworkError } from '../common/network-error.js';
import { Row } from '../common/written.js';
import { choice } from '../fields/check.js';
import type { Names } from '../names/names.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import type { VerbOptions } from '../tables/verbs.js';
import type { SocketEntry, SocketOwners, SocketProtocol, SocketState } from './socket-entry.js';
import type { SocketEntryFilter, SocketKey } from './socket-filter.js';
import { matchesQuery } from './socket-match.js';
import { PROTOCOLS, socketQuery, type SocketQuery } from './socket-query.js';
import { readSockets, socketOfEvent } from './socket-reader.js';

/** The verbs of sockets. Each is a cold Observable; all except `closed` emit exactly one value. @public */
export interface Sockets {
  /**
   * Emits all sockets that match the filter, as one array, as `ss` lists them. The kernel tests what it can. A socket that the kernel
   * lists twice, because it changes meanwhile, is emitted once, as it was last.
   *
   * @param filter - `process: true` adds the processes that have each socket open; it reads `/proc` once.
   * @throws {@link NetworkError} `unsupported` if the filter names a protocol whose sockets this kernel cannot list.
   */
  list<Protocol extends SocketProtocol = SocketProtocol, Process extends boolean = false>(
    filter?: SocketEntryFilter<Protocol> & { readonly process?: Process },
    options?: VerbOptions,
  ): Observable<readonly (SocketEntry<Protocol> & (Process extends true ? SocketOwners : unknown))[]>;
  /**
   * Emits one socket.
   *
   * @throws {@link NetworkError} `missing` if there is none, `ambiguous` if the key matches several.
   */
  get<Protocol extends SocketProtocol>(key: SocketKey<Protocol>, options?: VerbOptions): Observable<SocketEntry<Protocol>>;
  /**
   * Closes a socket of another program (`SOCK_DESTROY`); emits the socket that was. The program receives an error (`ECONNABORTED`), the
   * peer of a TCP connection a reset. A listener stops listening, a UDP socket loses its peer; both keep the port that their program
   * chose. Needs CAP_NET_ADMIN.
   *
   * @throws {@link NetworkError} `missing` if there is none, `ambiguous` if the key matches several, `unsupported` for other
   * protocols than TCP, UDP and raw.
   */
  delete<Protocol extends SocketProtocol>(key: SocketKey<Protocol>, options?: VerbOptions): Observable<SocketEntry<Protocol>>;
  /** Emits every TCP and UDP socket that matches the filter when it is closed. The kernel sends no events of other changes. */
  closed<Protocol extends ClosedProtocol = ClosedProtocol>(filter?: SocketEntryFilter<Protocol>): Observable<SocketEntry<Protocol>>;
}

/** The protocols whose closed sockets the kernel reports. @public */
export type ClosedProtocol = 'tcp' | 'udp';

const CLOSED: readonly ClosedProtocol[] = ['tcp', 'udp'];

/** The protocols whose sockets the kernel can close. */
const DESTROYED: readonly SocketProtocol[] = ['tcp', 'udp', 'udplite', 'raw'];

/** The verbs of sockets. @internal */
export class SocketTable implements Sockets {
  readonly #client: ReturnType<typeof sockDiag>;
  readonly #names: Names;

  constructor(client: ReturnType<typeof sockDiag>, names: Names) {
    this.#client = client;
    this.#names = names;
  }

  list<P extends SocketProtocol = SocketProtocol, W extends boolean = false>(
    filter: SocketEntryFilter<P> & { readonly process?: W } = {},
    options: VerbOptions = {},
  ): Observable<readonly (SocketEntry<P> & (W extends true ? SocketOwners : unknown))[]> {
    checkVerbOptions('list', options);
    const { process = false, ...given } = copyOf('list', filter);
    if (typeof process !== 'boolean') throw new TypeError(`list: process must be true or false, not ${kindOf(process)}`);
    return runVerb({ verb: 'list', subject: () => 'sockets', missing: [] }, options, () =>
      readSockets(this.#client, this.#names, socketQuery(given)).pipe(mergeMap((sockets) => (process ? owned(sockets) : of(sockets)))),
    ) as Observable<never>;
  }

  get<P extends SocketProtocol>(key: SocketKey<P>, options: VerbOptions = {}): Observable<SocketEntry<P>> {
    checkVerbOptions('get', options);
    const given = copyOf('get', key);
    return this.#verb('get', given, options, () => this.#locate('get', given)) as Observable<never>;
  }

  delete<P extends SocketProtocol>(key: SocketKey<P>, options: VerbOptions = {}): Observable<SocketEntry<P>> {
    checkVerbOptions('delete', options);
    const given = copyOf('delete', key);
    return this.#verb('delete', given, options, () => {
      const protocol = given['protocol'] as SocketProtocol;
      if (PROTOCOLS.includes(protocol) && !DESTROYED.includes(protocol))
        throw new FieldError('protocol', `the kernel closes sockets of ${DESTROYED.join(', ')} only, not of ${protocol}`, 'unsupported');
      return this.#locate('delete', given).pipe(
        mergeMap((socket) => {
          const { family, id } = socket[Row] as InetReply;
          // The request names the protocol of a raw socket in `pad`.
          const pad = socket.protocol === 'raw' ? { pad: socket.raw.protocol } : {};
          const request = { family, protocol: socket.protocol as 'tcp', id, ...pad };
          return this.#client.do('destroy', request).pipe(map(() => socket));
        }),
      );
    }) as Observable<never>;
  }

  closed<P extends ClosedProtocol = ClosedProtocol>(filter: SocketEntryFilter<P> = {}): Observable<SocketEntry<P>> {
    const given = copyOf('closed', filter);
    return runVerb({ verb: 'watch', subject: () => 'closed sockets', missing: [] }, {}, () => {
      const { link, ...query } = socketQuery({ protocol: CLOSED, ...given });
      const protocols = query.protocols.map((name) => choice(CLOSED)(name, 'protocol'));
      if (link !== undefined) throw new FieldError('link', 'closed sockets cannot be selected by it; filter the emitted sockets');
      checkClosedState(query, protocols);
      return this.#client.notifications(...groupsOf(protocols, query.family)).pipe(
        concatMap(({ value }) => socketOfEvent(value.protocol === 17 ? 'udp' : 'tcp', value, this.#names)),
        keep((socket) => matchesQuery(socket, query, undefined)),
      );
    }) as Observable<never>;
  }

  #verb<R>(verb: string, given: Readonly<Record<string, unknown>>, options: VerbOptions, run: () => Observable<R>): Observable<R> {
    return runVerb({ verb, subject: () => subjectOf(given), missing: ['ENOENT'] }, options, run);
  }

  #locate(verb: string, given: Readonly<Record<string, unknown>>): Observable<SocketEntry> {
    const query = keyQuery(given);
    return readSockets(this.#client, this.#names, query).pipe(
      map(([socket, ...others]) => {
        if (socket === undefined) throw new NetworkError({ reason: 'missing', verb, subject: subjectOf(given), text: 'it does not exist' });
        if (others.length === 0) return socket;
        const text = `the key matches ${others.length + 1} sockets; add a property to it, such as remote or cookie`;
        throw new NetworkError({ reason: 'ambiguous', verb, subject: subjectOf(given), text });
      }),
    );
  }
}

/** Checks a key. With a cookie, the protocol and the local port select the rows; nothing else counts. @throws FieldError */
function keyQuery(given: Readonly<Record<string, unknown>>): SocketQuery {
  const { protocol, cookie, ...rest } = given;
  if (typeof protocol !== 'string') throw new FieldError('protocol', 'is required: a key names one protocol');
  if (cookie === undefined) {
    if (Object.keys(rest).length === 0) throw new FieldError('', 'expected a port, an address, an inode or a cookie beside the protocol');
    return socketQuery(given);
  }
  if (typeof cookie !== 'bigint') throw new FieldError('cookie', `expected a bigint, not ${kindOf(cookie)}`);
  const port = (given['local'] as { readonly port?: unknown } | undefined)?.port;
  return { ...socketQuery({ protocol, ...(typeof port === 'number' && port > 0 && { port }) }), cookie };
}

function subjectOf({ protocol, local, remote, port, cookie }: Readonly<Record<string, unknown>>): string {
  const ends = [local ?? port, remote].map(endText).filter((text) => text !== '');
  const name = ends.length > 0 ? ends.join(' to ') : typeof cookie === 'bigint' ? `cookie ${cookie}` : '';
  return `${typeof protocol === 'string' ? `${protocol} ` : ''}socket${name === '' ? '' : ` ${name}`}`;
}

function endText(end: unknown): string {
  if (typeof end !== 'object' || end === null) return typeof end === 'string' || typeof end === 'number' ? String(end) : '';
  const { address, port } = end as { readonly address?: unknown; readonly port?: unknown };
  return [address, port].filter((part) => typeof part === 'string' || typeof part === 'number').join(' port ');
}

/** Adds the processes that have each socket open. */
function owned(sockets: readonly SocketEntry[]): Observable<readonly (SocketEntry & SocketOwners)[]> {
  return of(sockets.map(({ inode }) => ({ inode: inode ?? 0 }))).pipe(
    withOwners(),
    map((rows) => sockets.map((socket, at) => Object.assign(socket, { owners: rows[at]!.owners }))),
  );
}

/** The states of sockets when the kernel reports that they are closed: a UDP socket with a peer keeps its state. */
const LAST_STATES: Readonly<Record<ClosedProtocol, readonly SocketState[]>> = {
  tcp: ['close', 7],
  udp: ['close', 7, 'established', 1],
};

/** @throws FieldError if no closed socket of the protocols has one of the states. */
function checkClosedState({ state }: SocketQuery, protocols: readonly ClosedProtocol[]): void {
  if (state?.some((each) => protocols.some((protocol) => LAST_STATES[protocol].includes(each))) !== false) return;
  const wanted = state.map((each) => `'${each}'`).join(', ');
  const expected = protocols.includes('udp') ? "'close', of UDP sockets with a peer 'established'" : "'close'";
  throw new FieldError('state', `closed sockets have the state ${expected}, never ${wanted}; omit state`);
}

const GROUPS = {
  tcp: { 4: 'inet-tcp-destroy', 6: 'inet6-tcp-destroy' },
  udp: { 4: 'inet-udp-destroy', 6: 'inet6-udp-destroy' },
} as const;

function groupsOf(protocols: readonly ClosedProtocol[], family: 4 | 6 | undefined) {
  const families = family === undefined ? ([4, 6] as const) : [family];
  return protocols.flatMap((protocol) => families.map((version) => GROUPS[protocol][version]));
}

/** Returns a copy of an argument, so that later changes by the caller have no effect. @throws TypeError if it is not an object. */
function copyOf(verb: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${verb}: expected an object, not ${kindOf(value)}`);
  return structuredClone({ ...value });
}
