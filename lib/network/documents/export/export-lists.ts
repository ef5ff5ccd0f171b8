import type { Address } from '../../addresses/address.js';
import type { Link } from '../../links/link.js';
import { normalise } from '../../fields/shape.js';
import { configuredTest } from '../plan/configured.js';
import type { DocumentModels, State } from '../plan/planned-change.js';
import type { ListTable } from '../parse/parsed-document.js';

type Values = Readonly<Record<string, unknown>>;

/** Returns the configured entries of a list of a link. @internal */
export function exportList(
  models: DocumentModels,
  { objects }: Pick<State, 'objects'>,
  table: ListTable,
  { name }: Link,
): readonly unknown[] {
  const all = (objects[table] ?? []).filter((object) => (object as Values)['link'] === name);
  const entries = all.filter(configuredTest(table, all, { objects })).map((object) => {
    const { link: _link, ...values } = normalise<Values>(models[table].shape, object) as Values;
    return table === 'addresses' ? addressOf(values, object as Address) : entryOf(table, values);
  });
  // The kernel keeps neighbours and forwarding entries in hash tables, whose order has a random part.
  return table === 'addresses' ? entries : entries.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** Returns an address as text, if it has no other properties. */
function addressOf({ address, label, scope, ...others }: Values, object: Address): unknown {
  const usual = object.family === 4 ? 'global' : undefined;
  const more = {
    ...(label !== undefined && label !== object.link && { label }),
    ...(scope !== undefined && scope !== usual && { scope }),
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== false)),
  };
  return Object.keys(more).length === 0 ? address : { address, ...more };
}

function entryOf(table: ListTable, values: Values): Values {
  const usual: Values = table === 'neighbours' ? { state: 'permanent' } : {};
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== false && value !== usual[name]));
}
