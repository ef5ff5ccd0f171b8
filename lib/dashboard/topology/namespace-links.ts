import type { LiveChange } from '../../live/index.js';
import type { Address, Link, Network } from '../../network/index.js';

/** A link with its addresses. */
export type AddressedLink = Link & { readonly addresses: readonly Address[] };

/** A namespace of the topology with its present links. */
export class NamespaceLinks {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly net: Network;
  readonly links: Map<number, AddressedLink> = new Map();
  /** The reason why the links are not known. */
  error: string | undefined;

  constructor(namespace: Pick<NamespaceLinks, 'name' | 'path' | 'net'> & { readonly inode: number }) {
    this.id = String(namespace.inode);
    this.name = namespace.name;
    this.path = namespace.path;
    this.net = namespace.net;
  }

  apply(change: LiveChange<AddressedLink>): void {
    this.error = undefined;
    if (change.type === 'synced') {
      this.links.clear();
      for (const link of change.entries) this.links.set(link.index, link);
    } else if (change.type === 'removed') {
      this.links.delete(change.value.index);
    } else {
      this.links.set(change.value.index, change.value);
    }
  }

  fail(error: string): void {
    this.error = error;
    this.links.clear();
  }
}
