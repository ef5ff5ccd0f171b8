import { edgeKey, type Topology, type TopologyDiff, type TopologyEdge, type TopologyNode } from '../../protocol.js';

/** The topology, and the changes that arrived since it was sent as a whole. */
export class TopologyState {
  #nodes = new Map<string, TopologyNode>();
  #edges = new Map<string, TopologyEdge>();
  #namespaces: Topology['namespaces'] = [];
  #note: string | undefined;

  /** Replaces everything. */
  replace({ nodes, edges, namespaces, note }: Topology): void {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#edges = new Map(edges.map((edge) => [edgeKey(edge), edge]));
    this.#namespaces = namespaces;
    this.#note = note;
  }

  /** Changes some links, connections and namespaces. */
  change({ nodes = [], edges = [], namespaces = this.#namespaces, note }: TopologyDiff): void {
    change(this.#nodes, nodes);
    change(this.#edges, edges);
    this.#namespaces = namespaces;
    this.#note = note;
  }

  /** The topology now. */
  get current(): Topology {
    const note = this.#note === undefined ? {} : { note: this.#note };
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()], namespaces: this.#namespaces, ...note };
  }
}

function change<Value>(map: Map<string, Value>, changes: readonly (readonly [string, Value | null])[]): void {
  for (const [key, value] of changes) {
    if (value === null) map.delete(key);
    else map.set(key, value);
  }
}
