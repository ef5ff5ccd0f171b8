import type { VerbOptions } from '../../tables/verbs.js';
import type { Ownership } from '../document.js';

/** A part of a document that `export` may be limited to, by the name of its table. @public */
export type ExportTable = 'links' | 'addresses' | 'neighbours' | 'fdb' | 'qdiscs' | 'routes' | 'rules' | 'nexthops' | 'firewall';

/** The options of `export`. @public */
export interface ExportOptions extends VerbOptions {
  /**
   * The tables to export. `qdiscs` are those with their classes and filters. Without `links`, a link has only its name and its lists.
   * @defaultValue all; `firewall` only if the process may read it (CAP_NET_ADMIN)
   */
  readonly only?: readonly ExportTable[];
  /**
   * The ownership of the document. Of the routes, rules and nexthops, those of its protocol are exported.
   * @defaultValue nothing
   */
  readonly owns?: Ownership;
}
