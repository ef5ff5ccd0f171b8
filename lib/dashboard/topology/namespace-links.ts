import type { LiveChange } from '../../live/index.js';
import type { Network } from '../../network/index.js';
import type { AddressedLink } from '../tables/namespace-rows.js';

/** A namespace of the topology with its present links. */
export class NamespaceLinks {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly net: Network;
  readonly links: Map<number, AddressedLink> = new Map();
  /** The reason why the links are not known. */
  error: Error | undefined;

  constructor(namespace: Pick<NamespaceLinks, 'name' | 'path' | 'net'> & { readonly inode: number }) {
    this.id = String(namespace.inode);
    this.name = namespace.name;
    this.path = namespace.path;
    this.net = namespace.net;
  }

  apply(change: LiveChange<AddressedLink>): void {
    this.error = undefined;
    if (change.type === 'synced') {
      this.replace(change.entries);
    } else if (change.type === 'removed') {
      this.links.delete(change.value.index);
    } else {
      this.links.set(change.value.index, change.value);
    }
  }

  replace(links: Iterable<AddressedLink>): void {
    this.links.clear();
    for (const link of links) this.links.set(link.index, link);
  }

  fail(error: Error): void {
    this.error = error;
    this.links.clear();
  }
}
