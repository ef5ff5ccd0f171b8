import { type Observable, defer, exhaustMap, map, timer } from 'rxjs';
import { checkOptionNames, suggestion } from '../../../check/index.js';
import { NfProtocol } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import type { Read } from '../../common/written.js';
import { translateError } from '../../common/translate-error.js';
import { choice, time } from '../../fields/check.js';
import { normalise, requireFields, type Shape } from '../../fields/shape.js';
import { checkVerbOptions, runVerb } from '../../tables/run-verb.js';
import type { VerbOptions } from '../../tables/verbs.js';
import { fits, readFilter, type Filterable } from '../../tables/where.js';
import type { Time } from '../../units/time.js';
import type { FirewallTable, FirewallTableKey } from '../firewall.js';
import { nameCheck } from '../objects/chain.js';
import { FAMILIES } from '../objects/hooks.js';
import type { FirewallFamily } from '../rules/rule-context.js';
import { describeFirewall } from '../state/describe-firewall.js';
import { readFirewall, type NftablesClient } from '../state/firewall-state.js';
import { ElementTable } from './firewall-set.js';
import { readCounters, type FirewallCounter } from './read-counters.js';
import type { FirewallSet, FirewallSetKey } from './set-verbs.js';

/** The tables of nftables, as documents have them. @public */
export interface FirewallVerbs {
  /** Emits all tables, or those of a family or a name, as documents have them, as one array. */
  list(filter?: Partial<FirewallTableKey>, options?: VerbOptions): Observable<readonly FirewallTable<Read>[]>;
  /**
   * Emits the values of counters again and again: of those with a name, by `counter inet app k`, and of rules with a comment, by
   * `rule inet app in: ssh`. The kernel sends no events of them.
   *
   * @param options - `every` is the time between two readings. A reading that takes longer delays the next one.
   */
  counters(options: { readonly every: Time }): Observable<ReadonlyMap<string, FirewallCounter>>;
  /**
   * Returns the verbs of the elements of a set or a map.
   *
   * @throws {@link NetworkError} `invalid` with the path of a part of the key that is not valid.
   */
  set(key: FirewallSetKey): FirewallSet;
}

const KEY: Shape = {
  fields: { family: choice<FirewallFamily>(Object.keys(FAMILIES) as FirewallFamily[]), table: nameCheck, name: nameCheck },
};

/** @throws NetworkError */
function checkedKey(key: FirewallSetKey): FirewallSetKey {
  try {
    const checked = normalise<FirewallSetKey>(KEY, key);
    requireFields(checked, ['family', 'table', 'name']);
    return checked as FirewallSetKey;
  } catch (error) {
    throw translateError(error, { verb: 'select', subject: () => 'set', missing: [] });
  }
}

/** The properties of a table that a filter may name. */
const FILTERABLE: Filterable = {
  shape: { fields: { family: KEY.fields['family']!, name: nameCheck } },
  state: [],
};

/** The verbs of the firewall. @internal */
export class FirewallTables implements FirewallVerbs {
  readonly #client: NftablesClient;

  constructor(client: NftablesClient) {
    this.#client = client;
  }

  list(filter: Partial<FirewallTableKey> = {}, options: VerbOptions = {}): Observable<readonly FirewallTable<Read>[]> {
    checkVerbOptions('list', options);
    return runVerb({ verb: 'list', subject: () => 'firewall', missing: [] }, options, () => {
      const wanted = readFilter(FILTERABLE, filter);
      return readFirewall(this.#client, { only: (table) => fits(table, wanted) }).pipe(
        map((state) => describeFirewall(state).tables as readonly FirewallTable<Read>[]),
      );
    });
  }

  /** Emits if a table has a name. @throws NetworkError `missing` as the error signal, if none has it. */
  requireTable(name: string): Observable<void> {
    return runVerb({ verb: 'list', subject: () => 'firewall', missing: [] }, {}, () =>
      this.#client.list('gettable', { nfgenFamily: NfProtocol.Unspec }, { pick: ['name'] }).pipe(
        map((rows) => {
          const names = rows.map((row) => row.name ?? '');
          if (!names.includes(name)) throw new FieldError('name', `no table is named '${name}'${suggestion(name, names, '; ')}`, 'missing');
        }),
      ),
    );
  }

  counters(options: { readonly every: Time }): Observable<ReadonlyMap<string, FirewallCounter>> {
    checkOptionNames('counters', options, new Set(['every']));
    let every: number;
    try {
      every = time(options.every, 'every');
    } catch (error) {
      throw new TypeError(`counters: option every: ${(error as FieldError).message}`);
    }
    return runVerb({ verb: 'read', subject: () => 'counters of the firewall', missing: [] }, {}, () =>
      defer(() => timer(0, every)).pipe(exhaustMap(() => readCounters(this.#client))),
    );
  }

  set(key: FirewallSetKey): FirewallSet {
    return new ElementTable(this.#client, checkedKey(key));
  }
}
