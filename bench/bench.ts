import { readFileSync } from 'node:fs';
import { Contender, duel, type Duel } from './support/contender.js';
import { grouped, scaled } from './support/figures.js';
import type { Options } from './support/options.js';
import { peers } from './peers/list.js';
import type { Peer, Work } from './peers/peer.js';
import { compile, runIn, subject } from './support/programs.js';
import { command, deleteNamespace, makeInterface, makeNamespace, makeRoutes, namespaceName } from './support/place.js';
import type { Growth, Result, Series } from './support/result.js';

/** A row of the table: its name on the command line, and the function that measures it. */
export interface Row {
  readonly name: string;
  measure(bench: Bench): Promise<Result>;
}

/** A plot: its name on the command line, and the function that measures it. */
export interface GrowthRow {
  readonly name: string;
  measure(bench: Bench): Promise<Growth>;
}

/** The command that starts a program. */
export type Program = readonly string[];

/** The state that rows share: options, peers, and namespaces, which are made when a row first needs them. */
export class Bench {
  readonly options: Options;
  readonly #namespaces = new Map<string, string>();
  /** The process that holds the sockets of `withSockets`; it ends with this one. */
  #holder: Contender | undefined;

  constructor(options: Options) {
    this.options = options;
  }

  /** Returns a namespace with the given number of routes. */
  withRoutes(routes: number): string {
    return this.#once(`routes-${routes}`, (name) => makeRoutes(name, routes));
  }

  /** Returns a namespace with the interface `bench0` and only the routes of this interface. */
  withoutRoutes(): string {
    return this.#once('empty', makePlace);
  }

  /** Returns a namespace with the given number of TCP sockets over loopback. */
  async withSockets(sockets: number): Promise<string> {
    const namespace = this.#once('sockets', makeNamespace);
    if (this.#holder === undefined) {
      const holder = new Contender('the holder of sockets', namespace, [compile('floor/sockets.c'), 'hold', `${sockets}`]);
      const answer = await holder.ask();
      if (answer !== 'ready') throw new Error(`bench: the holder of sockets printed ${answer}; expected ready`);
      this.#holder = holder;
    }
    return namespace;
  }

  /** Returns many namespaces with the interface `bench0`. */
  withNamespaces(count: number): readonly string[] {
    return Array.from({ length: count }, (_, index) => this.#once(`many-${index}`, makePlace));
  }

  /** Returns a namespace with the given number of tracked connections, or with as many as the kernel allows. */
  withConnections(entries: number): Connections {
    const count = (): number => Math.min(entries, connectionLimit());
    const namespace = this.#once('connections', (name) => {
      const namespace = makeNamespace(name);
      // The first connection loads nf_conntrack, which makes the file of the limit.
      fillConnections(namespace, 1);
      fillConnections(namespace, count());
      return namespace;
    });
    return { namespace, count: count(), limit: connectionLimit() };
  }

  /** Returns a namespace whose rules queue and log the packets to the ports of `rules`. */
  withPackets(rules: readonly string[]): string {
    return this.#once('packets', (name) => {
      const namespace = makeNamespace(name);
      for (const rule of rules) command('ip', 'netns', 'exec', namespace, 'iptables', '-w', ...rule.split(' '));
      return namespace;
    });
  }

  /** Measures two programs alternately. */
  async duel(namespace: string, floor: Program, other: Program, rounds: number, env?: Readonly<Record<string, string>>): Promise<Duel> {
    const reference = new Contender('the floor', namespace, floor);
    const contender = new Contender(other.join(' '), namespace, other, env);
    try {
      return await duel(reference, contender, rounds, rounds < 5 ? 1 : undefined);
    } finally {
      reference.close();
      contender.close();
    }
  }

  /**
   * Measures every peer that does this work, each alternately with the floor.
   *
   * @param scale - The factor from nanoseconds of one to the row's unit.
   */
  async peers(work: Work, args: readonly string[], namespace: string, floor: Program, scale: number): Promise<Peers> {
    const series: Series[] = [];
    const missing: string[] = [];
    for (const peer of this.options.peers ? peers.filter(({ works }) => works.includes(work)) : []) {
      const program = start(peer, args);
      if (program === undefined) {
        missing.push(`${peer.name} is not installed: ${peer.install}`);
        continue;
      }
      const fewer = peer.routes !== undefined && peer.routes < this.options.routes;
      const place = fewer ? this.withRoutes(peer.routes) : namespace;
      const rounds = Math.min(peer.rounds ?? this.options.runs, this.options.runs);
      const note = fewer ? { note: `measured with ${grouped(peer.routes)} routes` } : {};
      try {
        const { other, ratio } = await this.duel(place, floor, program, rounds, peer.env);
        series.push({ name: peer.name, role: 'peer', figures: scaled(other, 1 / scale), ratio, ...note });
      } catch (error) {
        missing.push(`${peer.name} failed: ${String(error)}`);
      }
    }
    return { series, missing };
  }

  /** Returns the namespace of that name, which is made on first use. If making it fails, nothing of it remains for the next row. */
  #once(name: string, make: (name: string) => string): string {
    const made = this.#namespaces.get(name);
    if (made !== undefined) return made;
    try {
      const namespace = make(name);
      this.#namespaces.set(name, namespace);
      return namespace;
    } catch (error) {
      deleteNamespace(namespaceName(name));
      throw error;
    }
  }
}

/** The results of peers, and the peers that are not installed. */
export interface Peers {
  readonly series: readonly Series[];
  readonly missing: readonly string[];
}

/** A namespace with tracked connections. */
export interface Connections {
  readonly namespace: string;
  readonly count: number;
  /** The largest number that the kernel allows in a namespace; only the initial namespace can change it. */
  readonly limit: number;
}

function connectionLimit(): number {
  return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8'));
}

/** Makes tracked connections; the first of them may exist already. */
function fillConnections(namespace: string, count: number): void {
  const made = runIn<number>(namespace, subject('tables/conntrack', ['fill', `${count}`]));
  if (made !== count) throw new Error(`bench: made ${made} tracked connections; expected ${count}`);
}

/** Makes a namespace with the interface `bench0`. */
function makePlace(name: string): string {
  const namespace = makeNamespace(name);
  makeInterface(namespace);
  return namespace;
}

/** Returns the command that starts a peer; undefined if it is not installed. */
export function start(peer: Peer, args: readonly string[]): readonly string[] | undefined {
  try {
    peer.version();
    return peer.build(args);
  } catch {
    return undefined;
  }
}
