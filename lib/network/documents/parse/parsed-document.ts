import type { Netns } from '../../common/netns.js';
import type { Wanted } from '../../tables/table-model.js';
import type { Firewall } from '../../firewall/index.js';
import type { ClsactTree, LinkMatch, NetworkDocument, QdiscTree } from '../document.js';

/** An object of a document, checked and in the form of readers. @internal */
export interface ParsedObject {
  /** The place in the document: `routes[3]`. */
  readonly path: string;
  /** The wanted properties; of an object that shall not exist, its key. */
  readonly wanted: Wanted;
  /** The key, with the defaults of omitted parts. */
  readonly key: Wanted;
  readonly absent: boolean;
  /** Takes the place of a route of another protocol. */
  readonly takeOver: boolean;
}

/** The tables whose entries a link of a document lists. @internal */
export type ListTable = 'addresses' | 'neighbours' | 'fdb';

/** A link of a document. @internal */
export interface ParsedLink {
  readonly path: string;
  readonly name: string;
  readonly match: LinkMatch | undefined;
  readonly absent: boolean;
  /** The properties of the link itself, with its name. */
  readonly wanted: Wanted;
  /** The namespace in which the link is created. */
  readonly netns: Netns | undefined;
  readonly lists: Readonly<Partial<Record<ListTable, readonly ParsedObject[]>>>;
  readonly traffic: { readonly qdisc?: QdiscTree | null; readonly clsact?: ClsactTree | null };
}

/** The tables of which a document lists objects of a protocol. @internal */
export type ProtocolTable = 'routes' | 'rules' | 'nexthops';

/** A document that is right in itself. @internal */
export interface ParsedDocument {
  readonly document: NetworkDocument;
  readonly links: readonly ParsedLink[];
  readonly objects: Readonly<Partial<Record<ProtocolTable, readonly ParsedObject[]>>>;
  readonly owns: {
    readonly protocol?: string | number;
    readonly tables?: readonly (string | number)[];
    readonly group?: number;
  };
  readonly firewall?: Firewall | undefined;
  readonly namespaces: ReadonlyMap<string, ParsedDocument | null>;
}
