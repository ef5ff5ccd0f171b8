import { peers } from '../peers/list.js';
import type { Peer } from '../peers/peer.js';
import { grouped } from '../support/figures.js';
import { command, makeNamespace } from '../support/place.js';
import type { Result } from '../support/result.js';
import { compare, runIp, runSubject, type Cost, type Side } from './compare.js';
import { batch } from './writing.js';

const LINKS = 1000;

/** Compares `links.list({ with: 'addresses' })` with `ip -j addr` and with the peers that join links and addresses. */
export function measureReading(): Result[] {
  const namespace = makeNamespace('reading');
  const lines = Array.from({ length: LINKS }, (_, index) => [
    `link add l${index} type bridge`,
    `addr add 10.${index >> 8}.${index & 255}.1/24 dev l${index}`,
    `addr add fd00:${index.toString(16)}::1/64 dev l${index} nodad`,
  ]).flat();
  command('ip', '-n', namespace, '-batch', batch('links', lines));
  const found = peers.filter(({ works }) => works.includes('links')).map((peer) => ({ peer, side: peerSide(peer, namespace) }));
  return compare(
    'reading',
    `${grouped(LINKS)} links with ${grouped(2 * LINKS)} addresses listed`,
    () => undefined,
    [
      { name: 'ip -j addr', role: 'floor', run: () => runIp(namespace, '-j', 'addr') },
      { name: "links.list({ with: 'addresses' })", role: 'library', run: () => runSubject<Cost>(namespace, 'list') },
      ...found.flatMap(({ side }) => side ?? []),
    ],
    found.flatMap(({ peer, side }) => (side === undefined ? [`${peer.name} is not installed: ${peer.install}`] : [])),
  );
}

/** Returns the side of a peer; undefined if it is not installed. @throws Error if the peer reads other objects than there are. */
function peerSide(peer: Peer, namespace: string): Side | undefined {
  try {
    peer.version();
  } catch {
    return undefined;
  }
  const program = peer.build([]);
  const run = (): Cost => {
    const answer = JSON.parse(command('ip', 'netns', 'exec', namespace, ...program)) as Cost & { readonly addresses: number };
    if (answer.addresses >= 2 * LINKS) return answer;
    throw new Error(`${peer.name}: counted ${answer.addresses} addresses; expected ${2 * LINKS}`);
  };
  return { name: peer.name, role: 'peer', run };
}
