import { ignoreElements, map, scan, tap, type Observable } from 'rxjs';
import { namespaces, type Namespace } from '../../network/index.js';
import type { Action } from '../command.js';
import { toJson } from '../output/json.js';
import { Screen } from '../output/screen.js';
import { tableLines, type Column } from '../output/table.js';
import type { ListingOptions } from './listing.js';

const COLUMNS: readonly Column<Namespace>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'INODE', text: ({ inode }) => String(inode), align: 'right' },
  { title: 'PATH', text: ({ path }) => path },
];

/** `rxnetlink namespaces`: the network namespaces that have a name, as `ip netns` has them. */
export const action: Action = ({ options, output }) => {
  const { json, watch } = options as ListingOptions;
  const screen = new Screen(output);
  return (watch === true ? watchAll() : namespaces.list()).pipe(
    tap((all) => {
      if (json === true) output.lines([toJson(all)]);
      else {
        const lines = tableLines(all, COLUMNS, { style: output.style, width: watch === true ? output.columns : undefined });
        if (watch === true) screen.show(lines);
        else output.lines(lines);
      }
    }),
    ignoreElements(),
  );
};

function watchAll(): Observable<readonly Namespace[]> {
  return namespaces.watch().pipe(
    scan((known, change) => {
      if (change.type === 'synced') return new Map(change.entries.map((entry) => [entry.name, entry]));
      if (change.type === 'removed') known.delete(change.value.name);
      else known.set(change.value.name, change.value);
      return known;
    }, new Map<string, Namespace>()),
    map((known) => [...known.values()].sort((one, other) => (one.name < other.name ? -1 : 1))),
  );
}
