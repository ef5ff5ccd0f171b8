import { Contender, duel, type Duel } from './support/contender.js';
import { grouped, scaled } from './support/figures.js';
import type { Options } from './support/options.js';
import { peers } from './peers/list.js';
import type { Peer, Work } from './peers/peer.js';
import { makeInterface, makeNamespace, makeRoutes } from './support/place.js';
import type { Growth, Result, Series } from './support/result.js';

/** One row of the table: what it is called on the command line, and how it is measured. */
export interface Row {
  readonly name: string;
  measure(bench: Bench): Promise<Result>;
}

/** One plot, likewise. */
export interface GrowthRow {
  readonly name: string;
  measure(bench: Bench): Promise<Growth>;
}

/** A floor: how to start it. */
export type Program = readonly string[];

/** What rows share: options, namespaces, which are made when they are first asked for, and peers. */
export class Bench {
  readonly options: Options;
  readonly #namespaces = new Map<string, string>();

  constructor(options: Options) {
    this.options = options;
  }

  /** A namespace with so many routes. */
  withRoutes(routes: number): string {
    return this.#once(`routes-${routes}`, (name) => makeRoutes(name, routes));
  }

  /** A namespace with the interface `bench0` and no routes but its own. */
  withoutRoutes(): string {
    return this.#once('empty', (name) => {
      const namespace = makeNamespace(name);
      makeInterface(namespace);
      return namespace;
    });
  }

  /** Measures one program beside another, in turn. */
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
   * Measures every peer that does this work, each beside the floor.
   *
   * @param scale - What to multiply nanoseconds of one by, for the row's unit.
   */
  async peers(work: Work, args: readonly string[], namespace: string, floor: Program, scale: number): Promise<Peers> {
    const series: Series[] = [];
    const missing: string[] = [];
    for (const peer of this.options.peers ? peers.filter(({ works }) => works.includes(work)) : []) {
      const program = start(peer, args);
      if (program === undefined) {
        missing.push(`${peer.name} is not there: ${peer.install}`);
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

  #once(name: string, make: (name: string) => string): string {
    const namespace = this.#namespaces.get(name) ?? make(name);
    this.#namespaces.set(name, namespace);
    return namespace;
  }
}

/** What peers came to, and which are not there. */
export interface Peers {
  readonly series: readonly Series[];
  readonly missing: readonly string[];
}

/** How to start a peer; undefined where it is not there. */
function start(peer: Peer, args: readonly string[]): readonly string[] | undefined {
  try {
    peer.version();
    return peer.build(args);
  } catch {
    return undefined;
  }
}
