import { closeClients, networkClients, type NetworkClients } from '../clients.js';
import type { Netns } from '../common/netns.js';
import type { Observable } from 'rxjs';
import { Names } from '../names/names.js';
import type { RouteNames } from '../names/route-names.js';
import { documentModels } from './document-models.js';
import type { DocumentModels, PlannedChange } from './plan/planned-change.js';

/** A network namespace that a document describes. @internal */
export interface Site {
  /** The name of the namespace, or its path; undefined for that of `network()`. */
  readonly netns?: string | undefined;
  readonly clients: NetworkClients;
  readonly names: Names;
  readonly models: DocumentModels;
}

/** A change with the namespace in which it is written. @internal */
export interface SiteChange {
  readonly site: Site;
  readonly change: PlannedChange;
}

/** The namespaces of one verb: each is opened at its first request. @internal */
export class Sites {
  /** The namespace of `network()`. */
  readonly own: Site;
  readonly #words: RouteNames;
  readonly #others = new Map<string, Site>();

  constructor(clients: NetworkClients, names: Names, words: RouteNames) {
    this.own = { clients, names, models: documentModels(clients, words) };
    this.#words = words;
  }

  /** Returns another namespace. It may not exist yet. */
  of(netns: Netns): Site {
    const name = netnsName(netns);
    const known = this.#others.get(name);
    if (known !== undefined) return known;
    const clients = networkClients({ netns });
    const site = { netns: name, clients, names: new Names(clients.link), models: documentModels(clients, this.#words) };
    this.#others.set(name, site);
    return site;
  }

  /** Closes the sockets, except those of the `network()`. */
  close(): void {
    for (const { clients } of this.#others.values()) closeClients(clients);
    this.#others.clear();
  }
}

/** Runs with the namespaces of one verb, and closes them at its end. @internal */
export type WithSites = <T>(run: (sites: Sites) => Observable<T>) => Observable<T>;

/** Names a network namespace in texts. @internal */
export function netnsName(netns: Netns): string {
  if (typeof netns === 'string') return netns;
  return 'pid' in netns ? `process ${netns.pid}` : `descriptor ${netns.fd}`;
}
