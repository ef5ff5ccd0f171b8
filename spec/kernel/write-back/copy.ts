import type { Namespace } from '../../support/namespace.js';
import { Unavailable } from '../../support/unavailable.js';
import { copyBridgeVlans } from './bridge-vlans.js';
import { copyAddresses, copyLinks } from './links.js';
import { copyRuleset } from './nftables.js';
import { copyNeighbours, copyRoutes, copyRules } from './routes.js';
import type { Scene } from './scenes.js';
import { copyTrafficControl } from './traffic-control.js';

const COPIES: Readonly<Record<Scene['copies'][number], (from: Namespace, to: Namespace) => Promise<void>>> = {
  links: copyLinks,
  'bridge VLANs': copyBridgeVlans,
  addresses: copyAddresses,
  routes: copyRoutes,
  rules: copyRules,
  neighbours: copyNeighbours,
  'traffic control': copyTrafficControl,
  nftables: copyRuleset,
};

/** Splits a command line into words; quoted words may contain blanks. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

/** Runs the setup of a scene in a namespace. */
export function prepare(namespace: Namespace, { setup, everywhere }: Scene): void {
  if (everywhere !== undefined) run(namespace, everywhere);
  run(namespace, setup);
}

function run(namespace: Namespace, lines: string): void {
  for (const line of lines.split('\n').filter((text) => text.trim() !== '')) {
    try {
      const [program, ...args] = wordsOf(line.replace(/^\?/, ''));
      namespace.run(program!, ...args);
    } catch (error) {
      if (!line.startsWith('?') || error instanceof Unavailable) throw error;
    }
  }
}

/** Reads the tables of a scene in one namespace and writes them into another. */
export async function copy(from: Namespace, to: Namespace, { copies, everywhere }: Scene): Promise<void> {
  if (everywhere !== undefined) run(to, everywhere);
  for (const table of copies) await COPIES[table](from, to);
}
