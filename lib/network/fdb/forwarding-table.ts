import { type Observable, forkJoin, map, mergeMap } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { LinkNames } from '../names/link-names.js';
import type { Names } from '../names/names.js';
import type { Step } from '../tables/step.js';
import type { Wanted } from '../tables/table-model.js';
import type { Many, VerbOptions } from '../tables/verbs.js';
import { WritableTable } from '../tables/writable-table.js';
import { fdbModel, OF_VXLAN } from './fdb-model.js';
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
    if (propertyOfVxlan(wanted) === undefined) return names;
    return names.pipe(
      mergeMap((found) =>
        this.#vxlans().pipe(
          map((vxlans) => {
            check(wanted, vxlans);
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
          check(given as Wanted, vxlans);
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

function propertyOfVxlan(wanted: Wanted): string | undefined {
  return OF_VXLAN.find((name) => wanted[name] !== undefined);
}

/** @throws FieldError if a property needs a link of another kind. */
function check(wanted: Wanted, vxlans: LinkNames): void {
  const { link } = wanted as { readonly link: string };
  const property = propertyOfVxlan(wanted);
  if (property === undefined || vxlans.indexOf(link) !== undefined) return;
  throw new FieldError(property, `only entries of a VXLAN link have it, and '${link}' is a link of another kind`);
}
