import { from, map, mergeMap, using, type Observable } from 'rxjs';
import type { Output } from '../output/output.js';
import type { Closable, Filter, Listing, ListingOptions, Read, Reading } from './listing.js';

/** Reads the namespace that the options name, the present one, or all that have a name. */
export function readNamespaces<T, Net extends Closable>(
  { open, list, watch }: Listing<T, Net>,
  filter: Filter,
  options: ListingOptions,
  output: Output,
): Observable<Reading<T>> {
  const verb = options.watch === true ? watch : list;
  const read: Read<T> = (namespace) =>
    using(
      () => {
        const net = open(namespace);
        return { net, unsubscribe: () => net.close() };
      },
      (resource) => verb((resource as unknown as { readonly net: Net }).net, filter),
    );
  if (options.allNamespaces === true)
    return from(import('./all-namespaces.js')).pipe(
      mergeMap(({ listAll, watchAll }) => (options.watch === true ? watchAll(read, output) : listAll(read, output))),
    );
  return read(options.netns === undefined ? {} : { netns: options.netns }).pipe(map((rows) => ({ rows: rows.map((row) => ({ row })) })));
}
