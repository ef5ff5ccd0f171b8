import { type Observable, map, mergeMap, throwError } from 'rxjs';
import { FieldError } from '../common/field-error.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import { copyOf } from '../tables/table-reader.js';
import type { Many, VerbOptions } from '../tables/verbs.js';
import { silent, WritableTable } from '../tables/writable-table.js';
import type { WireguardPeer, WireguardPeerFilter, WireguardPeerKey, WireguardPeers, WireguardPeerSpec } from './wireguard-peer.js';

/** The verbs of the peers of WireGuard links. The kernel cannot reject a peer that exists; `add` reads before it writes. @internal */
export class PeerTable
  extends WritableTable<WireguardPeer, WireguardPeerSpec, WireguardPeerKey, WireguardPeerFilter>
  implements WireguardPeers
{
  override add(spec: WireguardPeerSpec, options: VerbOptions = {}): Observable<WireguardPeer> {
    const given = copyOf('add', spec, this.model) as WireguardPeerSpec;
    checkVerbOptions('add', options);
    return runVerb(
      this.context('add', () => this.subject(given)),
      options,
      () =>
        this.locate('add', this.model.keyOf(this.readSpec(given))).pipe(
          mergeMap(({ object }) => (object === undefined ? super.add(given) : throwError(exists))),
        ),
    );
  }

  override addMany(specs: Iterable<WireguardPeerSpec>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('addMany', options);
    return this.many('add', specs, options, () =>
      this.names.all().pipe(
        mergeMap((names) =>
          this.model.read(names).pipe(
            map((peers) => {
              const known = new Set(peers.map((peer) => this.model.nameOf({ ...peer })));
              return (spec: unknown) =>
                this.steps(spec, names, (wanted) => {
                  const name = this.model.nameOf(wanted);
                  if (known.has(name)) throw exists();
                  known.add(name);
                  return silent(this.model.create(wanted, names));
                });
            }),
          ),
        ),
      ),
    );
  }
}

function exists(): FieldError {
  return new FieldError('', 'a peer with this key exists on the link', 'exists');
}
