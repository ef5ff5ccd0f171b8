import { type Observable, forkJoin, map, mergeMap } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import { LinkNames } from '../names/link-names.js';
import type { Names } from '../names/names.js';
import type { Step } from '../tables/step.js';
import type { Wanted } from '../tables/table-model.js';
import type { Many, VerbOptions } from '../tables/verbs.js';
import { WritableTable } from '../tables/writable-table.js';
import { fdbModel, isOfVxlan, requireVxlan } from './fdb-model.js';
import type { ForwardingEntry, ForwardingFilter, ForwardingKey, ForwardingSpec } from './forwarding-entry.js';

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/** The verbs of forwarding entries. @internal */
export class ForwardingTable extends WritableTable<ForwardingEntry, ForwardingSpec, ForwardingKey, ForwardingFilter> {
  readonly #clients: NetworkClients;

  constructor(clients: NetworkClients, names: Names) {
    super(fdbModel(clients), names);
    this.#clients = clients;
  }

  /** Links of other kinds ignore the properties of a tunnel: a bridge then has an entry of its own, without them. */
  protected override resolve(wanted: Wanted): Observable<LinkNames> {
    const names = super.resolve(wanted);
    if (!isOfVxlan(wanted)) return names;
    return names.pipe(
      mergeMap((found) =>
        this.#vxlans().pipe(
          map((vxlans) => {
            requireVxlan(wanted, (link) => vxlans.indexOf(link) !== undefined);
            return found;
          }),
        ),
      ),
    );
  }

  protected override many(
    verb: string,
    input: Iterable<unknown>,
    options: VerbOptions,
    prepare: () => Observable<(given: unknown) => readonly Step[]>,
  ): Observable<Many> {
    if (verb === 'delete') return super.many(verb, input, options, prepare);
    const checked = (): Observable<(given: unknown) => readonly Step[]> =>
      forkJoin([prepare(), this.#vxlans()]).pipe(
        map(([write, vxlans]) => (given: unknown) => {
          const steps = write(given);
          requireVxlan(given as Wanted, (link) => vxlans.indexOf(link) !== undefined);
          return steps;
        }),
      );
    return super.many(verb, input, options, checked);
  }

  /** Reads the names of the links of kind `vxlan`. */
  #vxlans(): Observable<LinkNames> {
    return this.#clients.link
      .list('getlink', { linkinfo: { kind: 'vxlan' }, extMask: SKIP_STATS }, { pick: ['ifiIndex', 'ifname', 'propList', 'linkinfo'] })
      .pipe(map((rows) => new LinkNames(rows.filter(({ linkinfo }) => linkinfo?.kind === 'vxlan'))));
  }
}
