import { map, mergeMap, type Observable } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { watchByLink } from '../live/link-index.js';
import type { LinkNames } from '../names/link-names.js';
import type { Names } from '../names/names.js';
import type { Step } from '../tables/step.js';
import type { Wanted } from '../tables/table-model.js';
import { copyOf } from '../tables/table-reader.js';
import type { Many, VerbOptions } from '../tables/verbs.js';
import { WritableTable } from '../tables/writable-table.js';
import { filterModel } from './filter-model.js';
import { checkTarget } from './filter-target.js';
import { linksWithoutEgress } from './read-filters.js';
import type { FilterFilter, FilterKey, FilterSpec, TrafficFilter } from './traffic-filter.js';

/** The verbs of filters. @internal */
export class FilterTable extends WritableTable<TrafficFilter, FilterSpec, FilterKey, FilterFilter> {
  readonly #clients: NetworkClients;

  constructor(clients: NetworkClients, names: Names) {
    super(filterModel(clients), names);
    this.#clients = clients;
  }

  /** The filters of a link that is named are followed by its name, also before it exists. */
  override watch(filter: FilterFilter = {}): Observable<LiveChange<TrafficFilter>> {
    const { link, ...rest } = copyOf('watch', filter) as FilterFilter;
    if (typeof link !== 'string') return super.watch({ ...rest, ...(link !== undefined && { link }) });
    return watchByLink(this.names.live, link, (linkIndex) => super.watch({ ...rest, linkIndex }));
  }

  /** The kernel accepts a filter of the egress side on the qdisc `ingress`, and runs it for incoming packets. */
  protected override resolve(wanted: Wanted): Observable<LinkNames> {
    const names = super.resolve(wanted).pipe(mergeMap((found) => checkTarget(this.#clients.tc, wanted, found).pipe(map(() => found))));
    if (wanted['parent'] !== 'egress') return names;
    return names.pipe(
      mergeMap((found) =>
        linksWithoutEgress(this.#clients.tc).pipe(
          map((links) => {
            checkEgress(wanted, found, links);
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
    return super.many(verb, input, options, () =>
      linksWithoutEgress(this.#clients.tc).pipe(mergeMap((links) => (links.size === 0 ? prepare() : this.#checked(prepare(), links)))),
    );
  }

  #checked(
    prepared: Observable<(given: unknown) => readonly Step[]>,
    links: ReadonlySet<number>,
  ): Observable<(given: unknown) => readonly Step[]> {
    return this.names.all().pipe(
      mergeMap((names) =>
        prepared.pipe(
          map((write) => (given: unknown) => {
            checkEgress(given as Wanted, names, links);
            return write(given);
          }),
        ),
      ),
    );
  }
}

/** @throws FieldError if a filter is for packets that its qdisc does not see. */
function checkEgress({ link, parent }: Wanted, names: LinkNames, links: ReadonlySet<number>): void {
  if (parent !== 'egress' || typeof link !== 'string' || !links.has(names.indexOf(link) ?? 0)) return;
  throw new FieldError('parent', `link ${link} has the qdisc 'ingress', which has no egress side; replace it by 'clsact'`);
}
