import { FieldError } from '../../../common/field-error.js';
import type { NetworkClients } from '../../../clients.js';
import type { Link } from '../../../links/link.js';
import { step, type Step } from '../../../tables/step.js';
import type { TableModel } from '../../../tables/table-model.js';
import { differenceOf } from '../difference.js';
import type { PlannedChange } from '../planned-change.js';

/** A link that gets another name. @internal */
export interface Rename {
  readonly path: string;
  /** The link with its present name. */
  readonly link: Link;
  readonly to: string;
}

/**
 * Plans new names, in an order in which each is free. Names that are exchanged pass through a temporary one: the kernel rejects a name
 * that another link has.
 *
 * @param links - All links with their present names.
 * @param deleted - The indexes of links that the plan deletes.
 * @throws FieldError `conflict` if a link that keeps its name has the new one.
 * @internal
 */
export function planRenames(
  model: TableModel<object>,
  client: NetworkClients['link'],
  renames: readonly Rename[],
  links: readonly Link[],
  deleted: ReadonlySet<number>,
): readonly PlannedChange[] {
  const renamed = new Set(renames.map(({ link }) => link.index));
  for (const rename of renames) requireFree(rename, links, (index) => renamed.has(index) || deleted.has(index));
  const rename = ({ index, altnames = [] }: Link, ifname: string): readonly Step[] => [
    // The kernel rejects a name that is an alternative name of the link itself.
    ...(altnames.includes(ifname) ? [step(client, 'dellinkprop', { ifiIndex: index, propList: { altIfname: [ifname] } })] : []),
    step(client, 'newlink', { ifiIndex: index, ifname }),
  ];
  const changes: PlannedChange[] = [];
  const pending = [...renames];
  /** The link that waits under a temporary name. */
  let waiting: Rename | undefined;
  while (pending.length > 0) {
    const index = pending.findIndex(({ to, link }) => !pending.some((other) => other.link !== link && other.link.name === to));
    const [next] = pending.splice(Math.max(index, 0), 1) as [Rename];
    if (index < 0) {
      waiting = next;
      changes.push(changeOf(model, next, rename(next.link, temporaryName(next.link, links))));
      continue;
    }
    const isLast = waiting !== undefined && !pending.some(({ link }) => link.name === waiting!.to) && next.link.name === waiting.to;
    changes.push(changeOf(model, next, [...rename(next.link, next.to), ...(isLast ? rename(waiting!.link, waiting!.to) : [])]));
    if (isLast) waiting = undefined;
  }
  return changes;
}

function requireFree({ path, link, to }: Rename, links: readonly Link[], isFreed: (index: number) => boolean): void {
  const holder = links.find((each) => each.index !== link.index && (each.name === to || each.altnames?.includes(to) === true));
  if (holder === undefined || (holder.name === to && isFreed(holder.index))) return;
  const text = holder.name === to ? `another link has the name ${to}` : `link ${holder.name} has the alternative name ${to}`;
  throw new FieldError(`${path}.name`, `${text}; give that link another one in the document`, 'conflict');
}

function temporaryName({ index }: Link, links: readonly Link[]): string {
  const names = new Set(links.flatMap(({ name, altnames = [] }) => [name, ...altnames]));
  for (let count = 0; ; count++) {
    const name = `swap-${(index + count).toString(36)}`;
    if (!names.has(name)) return name;
  }
}

function changeOf(model: TableModel<object>, { path, link, to }: Rename, steps: readonly Step[]): PlannedChange {
  const changes = new Map([['name', { from: link.name, to }]]);
  return {
    ...({ table: 'links', action: 'change', path, phase: 'create-links', before: link, wanted: { name: to }, changes } as const),
    difference: differenceOf(model, 'change', { ...link }, changes),
    steps: () => steps,
  };
}
