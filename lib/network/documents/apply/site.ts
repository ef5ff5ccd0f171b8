import type { NetworkClients } from '../../clients.js';
import type { Names } from '../../names/names.js';
import type { DocumentModels, PlannedChange } from '../plan/planned-change.js';

/** A network namespace that a document describes. @internal */
export interface Site {
  /** The name of the namespace; undefined for that of `network()`. */
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
