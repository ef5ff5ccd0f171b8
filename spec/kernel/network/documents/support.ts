import type { NetworkDocument } from '../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../../support/namespace.js';
import { one } from '../support.js';

/** A namespace of a spec. */
export interface Scene {
  readonly namespace: Namespace;
  readonly net: Network;
  /** Returns the lines of the plan of a document without its version. */
  lines(document: Omit<NetworkDocument, 'version'>): Promise<readonly string[]>;
}

/** Makes an empty namespace for each spec of a `describe`. */
export function useScene(): () => Scene {
  let scene: Scene;

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
  });

  beforeEach(() => {
    const namespace = createNamespace();
    const net = network({ netns: namespace.path });
    const lines = async (document: Omit<NetworkDocument, 'version'>): Promise<readonly string[]> => {
      const { text } = await one(net.plan({ version: 1, ...document }));
      return text === '' ? [] : text.split('\n');
    };
    scene = { namespace, net, lines };
  });

  afterEach(() => {
    scene.net.close();
    scene.namespace.delete();
  });

  return () => scene;
}
