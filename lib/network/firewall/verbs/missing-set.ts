import { type Observable, concatMap, map, of } from 'rxjs';
import { suggestion } from '../../../check/index.js';
import type { KernelError } from '../../../errors/index.js';
import { NfProtocol } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import { familyOf, FAMILIES } from '../objects/hooks.js';
import { isAnonymous, scopeOf, type NftablesClient } from '../state/firewall-state.js';
import type { FirewallSetKey } from './set-verbs.js';

/** Errors with the object that is missing, the table or the set, and names that the caller may mean. @internal */
export function missingSet(client: NftablesClient, key: FirewallSetKey, cause: KernelError): Observable<never> {
  const { family, table, name } = key;
  return client.list('gettable', { nfgenFamily: NfProtocol.Unspec }).pipe(
    concatMap((tables) => {
      const named = tables.filter((row) => row.name === table).map(({ nfgenFamily }) => nfgenFamily);
      if (named.includes(FAMILIES[family]))
        return client.list('getset', scopeOf({ family, name: table })).pipe(
          map((sets) => sets.flatMap((row) => (isAnonymous(row) || row.name === undefined ? [] : [row.name]))),
          map((names) => [`set or map ${name} in the table ${family} ${table}`, nameHint(name, names)] as const),
        );
      const families = named.flatMap((number) => familyOf(number) ?? []);
      return of([
        `table ${family} ${table}`,
        families.length === 0 ? '' : `; the table ${table} is of the family ${families.join(', ')}`,
      ] as const);
    }),
    map(([what, hint]) => {
      throw new FieldError('', `there is no ${what} (${cause.code})${hint}`, 'missing', cause);
    }),
  );
}

/** Returns the names of sets for an error text: the similar one, or a few. */
function nameHint(name: string, names: readonly string[]): string {
  const most = 5;
  const hint = suggestion(name, names, '; ');
  if (hint !== '' || names.length === 0 || names.length > most) return hint;
  return `; there is ${names.join(', ')}`;
}
