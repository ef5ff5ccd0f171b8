import type { AddressFields } from '../addresses/address.js';
import type { ClassKindPart } from '../classes/traffic-class.js';
import type { Cidr, Written } from '../common/written.js';
import type { ForwardingSpec } from '../fdb/forwarding-entry.js';
import type { FilterSpec } from '../filters/traffic-filter.js';
import type { Firewall } from '../firewall/index.js';
import type { LinkSpec } from '../links/link.js';
import type { NeighbourSpec } from '../neighbours/neighbour.js';
import type { NexthopKey, NexthopSpec } from '../nexthops/nexthop.js';
import type { QdiscKindPart } from '../qdiscs/qdisc.js';
import type { RouteKey, RouteSpec } from '../routes/route.js';
import type { RuleKey, RuleSpec } from '../rules/rule.js';
import type { Handle } from '../traffic/handle.js';

/** Selects a link by other properties than its name; all that are given must be equal. @public */
export interface LinkMatch {
  /** The present MAC address. */
  readonly mac?: string;
  /** The MAC address of the hardware. */
  readonly permanentMac?: string;
  /** An alternative name. */
  readonly altname?: string;
  /** The bus of the device, such as `pci` (`IFLA_PARENT_DEV_BUS_NAME`). */
  readonly bus?: string;
  /** The device behind the link, such as `0000:03:00.0` (`IFLA_PARENT_DEV_NAME`). */
  readonly device?: string;
  /** The kind. */
  readonly kind?: string;
}

/** Deletes an object. @public */
export interface Absent {
  /** The object shall not exist. */
  readonly absent: true;
}

/** A class in a tree: what is below it stands inside of it. @public */
export type ClassTree = ClassKindPart<Written> & {
  /** The handle, such as `'1:30'`. */
  readonly handle: Handle;
  /** The classes below. */
  readonly classes?: readonly ClassTree[];
  /** The filters of a class with classes below it. */
  readonly filters?: readonly FilterOfTree[];
  /** The qdisc of a class without classes below it. */
  readonly qdisc?: QdiscTree;
};

/** A filter in a tree; its link and its place follow from the tree. @public */
export type FilterOfTree = Omit<FilterSpec, 'link' | 'parent'>;

/** A qdisc with all that is below it. @public */
export type QdiscTree = QdiscKindPart<Written> & {
  /** The handle, such as `'1:'`; required if classes or filters are below. */
  readonly handle?: Handle;
  /** The classes below. */
  readonly classes?: readonly ClassTree[];
  /** The filters. */
  readonly filters?: readonly FilterOfTree[];
};

/** The filters of a `clsact` qdisc. @public */
export interface ClsactTree {
  /**
   * The kind; `ingress` has no filters of outgoing packets.
   * @defaultValue `'clsact'`
   */
  readonly kind?: 'clsact' | 'ingress';
  /** The filters of incoming packets. */
  readonly ingress?: readonly FilterOfTree[];
  /** The filters of outgoing packets. */
  readonly egress?: readonly FilterOfTree[];
}

/** The lists of a link that a document may state; each is the whole list. @public */
export interface LinkLists {
  /** The configured addresses: an address with its length, or an object. The kernel's own addresses are never touched. */
  readonly addresses?: readonly (Cidr | Omit<AddressFields<Written>, 'link'>)[];
  /** The permanent and the noarp neighbours. */
  readonly neighbours?: readonly Omit<NeighbourSpec, 'link'>[];
  /** The static forwarding entries. */
  readonly fdb?: readonly Omit<ForwardingSpec, 'link'>[];
  /** The root qdisc with its tree; `null`: none but the kernel's default. */
  readonly qdisc?: QdiscTree | null;
  /** The filters at the entry and the exit of the link; `null`: none. */
  readonly clsact?: ClsactTree | null;
}

/** A link of a document. Properties that are absent are left alone. @public */
export type DocumentLink =
  | (LinkSpec & LinkLists & { readonly match?: LinkMatch; readonly absent?: never })
  | ({ readonly name: string; readonly match?: LinkMatch } & Absent);

/** A route of a document. @public */
export type DocumentRoute =
  | (RouteSpec & {
      /** Replaces a route of another protocol with the same destination, table and metric, which is a conflict otherwise. */
      readonly takeOver?: true;
      readonly absent?: never;
    })
  | (RouteKey & Absent);

/** A rule of a document. @public */
export type DocumentRule = (RuleSpec & { readonly absent?: never }) | (RuleKey & Absent);

/** A nexthop of a document. @public */
export type DocumentNexthop = (NexthopSpec & { readonly absent?: never }) | (NexthopKey & Absent);

/** The objects that a document owns: those of them that it does not list are deleted. @public */
export interface Ownership {
  /**
   * The protocol of the routes, rules and nexthops that the document writes. Others of this protocol are deleted.
   *
   * Take a number of your own; 64 to 127 are mostly free. `kernel`, `redirect`, `ra` and `dhcp` cannot be owned.
   */
  readonly protocol?: string | number;
  /** The routing tables in which unlisted routes of the protocol are deleted. @defaultValue `main`, and those that the document names */
  readonly tables?: readonly (string | number)[];
  /** Links of this group that are not listed are deleted; new links get the group. */
  readonly links?: { readonly group: number };
}

/**
 * The desired state of a network namespace.
 *
 * What is not listed is not touched, except by the whole lists of a link and by {@link Ownership}.
 *
 * @public
 */
export interface NetworkDocument {
  /** The JSON Schema of the document, for editors; it is not read. */
  readonly $schema?: string;
  /** The version of this form. */
  readonly version: 1;
  /** The links. */
  readonly links?: readonly DocumentLink[];
  /** The routes. */
  readonly routes?: readonly DocumentRoute[];
  /** The routing rules. */
  readonly rules?: readonly DocumentRule[];
  /** The nexthop objects. */
  readonly nexthops?: readonly DocumentNexthop[];
  /** The tables of the firewall, each with its whole contents; they are written in one transaction, after everything else. */
  readonly firewall?: Firewall;
  /** Named network namespaces with their own documents; `null`: the namespace shall not exist. */
  readonly namespaces?: Readonly<Record<string, NetworkDocument | null>>;
  /** The objects that the document owns besides the listed ones. */
  readonly owns?: Ownership;
}
