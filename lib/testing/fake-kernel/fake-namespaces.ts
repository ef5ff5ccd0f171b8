import type { NamespaceHandle, NetworkNamespace } from '../../socket/index.js';
import { fail } from './fail.js';

/** The network namespaces of a fake kernel: each one exists until it is deleted. @internal */
export class FakeNamespaces {
  readonly #open = new Map<number, { readonly netns: NetworkNamespace; readonly onGone: () => void }>();
  readonly #deleted = new Set<string>();
  #nextDescriptor = 100;

  open(netns: NetworkNamespace, onGone: () => void): NamespaceHandle {
    if (this.#deleted.has(nameOf(netns))) fail('ENOENT', 'open', `network namespace ${nameOf(netns)} does not exist`);
    const descriptor = this.#nextDescriptor++;
    this.#open.set(descriptor, { netns, onGone });
    return {
      descriptor,
      close: () => {
        this.#open.delete(descriptor);
      },
    };
  }

  /** Returns the namespace that a descriptor was opened for. */
  of(descriptor: number | undefined): NetworkNamespace | undefined {
    return descriptor === undefined ? undefined : this.#open.get(descriptor)?.netns;
  }

  /** Deletes a namespace, and passes the callbacks of its open descriptors to `later`. */
  delete(netns: NetworkNamespace, later: (callback: () => void) => void): void {
    this.#deleted.add(nameOf(netns));
    for (const [descriptor, { netns: open, onGone }] of this.#open) {
      if (!sameNamespace(open, netns)) continue;
      later(() => {
        if (this.#open.has(descriptor)) onGone();
      });
    }
  }
}

/** Returns true if both are the same namespace. @internal */
export function sameNamespace(left: NetworkNamespace | undefined, right: NetworkNamespace | undefined): boolean {
  return nameOf(left) === nameOf(right);
}

function nameOf(netns: NetworkNamespace | undefined): string {
  return typeof netns === 'string' ? `'${netns}'` : JSON.stringify(netns ?? null);
}
