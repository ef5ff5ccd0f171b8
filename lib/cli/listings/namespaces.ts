import { ignoreElements, map, tap, type Observable } from 'rxjs';
import { toMap } from '../../live/index.js';
import { namespaces, type Namespace } from '../../network/index.js';
import type { Action } from '../command.js';
import type { Column } from '../output/table.js';
import type { ListingOptions } from './listing.js';
import { printer } from './print-objects.js';

const COLUMNS: readonly Column<Namespace>[] = [
  { title: 'NAME', isKey: true, text: ({ name }) => name },
  { title: 'INODE', text: ({ inode }) => String(inode), align: 'right' },
  { title: 'PATH', text: ({ path }) => path },
];

/** `rxnetlink namespaces`: the network namespaces that have a name, as `ip netns` has them. */
export const action: Action = (call) => {
  const options = call.options as ListingOptions;
  const all: Observable<readonly Namespace[]> =
    options.watch === true
      ? namespaces.watch().pipe(
          toMap(({ name }) => name),
          map((known) => [...known.values()]),
        )
      : namespaces.list();
  return all.pipe(
    map((found) => [...found].sort((one, other) => (one.name < other.name ? -1 : 1)).map((row) => ({ row }))),
    tap(printer({ columns: COLUMNS }, options, call)),
    ignoreElements(),
  );
};
