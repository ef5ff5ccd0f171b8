/** Number of index bits that a level of the tree consumes: a node has up to 32 children. */
const LEVEL_BITS = 5;
const NODE_SIZE = 1 << LEVEL_BITS;
const NODE_MASK = NODE_SIZE - 1;

/** A node of the tree: values at the lowest level, nodes above it. */
type Node = unknown[];

/**
 * One version of a {@link VersionedList}. Its nodes may also hold values that were pushed later: the reader keeps the length.
 *
 * @internal
 */
export interface ListVersion {
  readonly root: Node;
  /** Number of bits by which the root shifts an index. */
  readonly shift: number;
}

/**
 * A list whose versions share everything that did not change: a tree with 32 children a node.
 *
 * The first write of a value after a version copies the nodes above the value. `push` copies nothing.
 *
 * @internal
 */
export class VersionedList<T> {
  #root: Node = [];
  #shift = 0;
  #length = 0;
  /** Nodes that no version contains. */
  #owned = new Set<Node>();

  get length(): number {
    return this.#length;
  }

  at(index: number): T {
    return itemAt<T>(this.#root, this.#shift, index);
  }

  /** Returns the present values; later writes do not affect them. */
  version(): ListVersion {
    if (this.#owned.size > 0) this.#owned = new Set();
    return { root: this.#root, shift: this.#shift };
  }

  write(index: number, value: T): void {
    let node = (this.#root = this.#own(this.#root));
    for (let shift = this.#shift; shift > 0; shift -= LEVEL_BITS) {
      const child = (index >> shift) & NODE_MASK;
      node = node[child] = this.#own(node[child] as Node);
    }
    node[index & NODE_MASK] = value;
  }

  /** Appends a value in place: versions do not read beyond their length. */
  push(value: T): void {
    const index = this.#length++;
    if (index >> this.#shift >= NODE_SIZE) {
      this.#root = [this.#root];
      this.#shift += LEVEL_BITS;
    }
    let node = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= LEVEL_BITS) node = (node[(index >> shift) & NODE_MASK] ??= []) as Node;
    node.push(value);
  }

  #own(node: Node): Node {
    if (this.#owned.has(node)) return node;
    const copy = node.slice();
    this.#owned.add(copy);
    return copy;
  }
}

/** Returns a value of a version. @internal */
export function itemAt<T>(root: Node, shift: number, index: number): T {
  let node = root;
  for (let bits = shift; bits > 0; bits -= LEVEL_BITS) node = node[(index >> bits) & NODE_MASK] as Node;
  return node[index & NODE_MASK] as T;
}
