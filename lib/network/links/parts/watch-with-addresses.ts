import { Observable } from 'rxjs';
import type { LiveChange, LiveDifference } from '../../../live/index.js';
import { changed } from '../../../live/internal.js';
import type { GetaddrReply } from '../../../families/rt-addr.js';
import type { GetlinkReply } from '../../../families/rt-link.js';
import { addressOf } from '../../addresses/address-rows.js';
import type { Address } from '../../addresses/address.js';
import { Row, withRow } from '../../common/written.js';
import { LiveObjects, renameLinks } from '../../live/live-objects.js';
import { LINKS, type SharedTables, type WatchedRows } from '../../live/shared-tables.js';
import { LinkNames } from '../../names/link-names.js';
import { linkOf } from '../link-rows.js';
import type { Link, LinkParts } from '../link.js';

type Joined = Link & Pick<LinkParts, 'addresses'>;

/**
 * Watches links with their addresses, by the indexes of the links. A change of an address is a change of its link; an address
 * whose link is unknown waits for it.
 *
 * @param addresses - The rows of all addresses.
 * @internal
 */
export function watchWithAddresses(live: SharedTables, addresses: WatchedRows): Observable<LiveChange<Joined>> {
  const changes = live.watch([addresses]);
  return new Observable((subscriber) => {
    const state = new LinksWithAddresses(live, addresses);
    subscriber.add(
      changes.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            const { [LINKS]: links = [], [addresses.table]: rows = [] } = change.tables;
            const entries = state.replace(links as readonly GetlinkReply[], rows);
            subscriber.next({ type: 'synced', entries, reason: change.reason });
            return;
          }
          const emissions =
            change.table === LINKS ? state.applyLink(change.change as LiveDifference<GetlinkReply>) : state.apply(change.change);
          for (const emission of emissions) subscriber.next(emission);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

/** The present links with their addresses. */
class LinksWithAddresses {
  readonly #links: LiveObjects<Link>;
  readonly #addresses: LiveObjects<Address>;
  /** The addresses of each link, in the order in which they came. */
  readonly #groups = new Map<number, readonly Address[]>();
  readonly #joined = new Map<number, Joined>();
  #names = new LinkNames();

  constructor({ links }: SharedTables, { rows }: WatchedRows) {
    this.#links = new LiveObjects(
      (row, names) => linkOf(row as GetlinkReply, names),
      (row) => links.keyOf(row as GetlinkReply),
    );
    this.#addresses = new LiveObjects(
      (row, names) => addressOf(row as GetaddrReply, names),
      (row) => rows.keyOf(row),
    );
  }

  /** Replaces everything by a reading; returns all links. */
  replace(links: readonly GetlinkReply[], rows: readonly object[]): readonly Joined[] {
    this.#names = new LinkNames(links);
    this.#links.replace(links, this.#names);
    this.#group(this.#addresses.replace(rows, this.#names));
    this.#joined.clear();
    return this.#links.entries.map((link) => this.#join(link));
  }

  applyLink(difference: LiveDifference<GetlinkReply>): readonly LiveDifference<Joined>[] {
    const concerned = renameLinks(this.#names, difference);
    const touched = this.#group(this.#addresses.rename(concerned, this.#names));
    const links = [...this.#links.rename(concerned, this.#names), ...this.#links.apply(difference, this.#names)];
    const emissions = links.flatMap((each) => this.#changeLink(each, touched.delete(each.value.index)));
    return [...emissions, ...this.#changeAddresses(touched)];
  }

  apply(difference: LiveDifference<object>): readonly LiveDifference<Joined>[] {
    return this.#changeAddresses(this.#group(this.#addresses.apply(difference, this.#names)));
  }

  #changeLink(difference: LiveDifference<Link>, hasNewAddresses: boolean): readonly LiveDifference<Joined>[] {
    const { type, value } = difference;
    const previous = this.#joined.get(value.index);
    if (type === 'removed') {
      this.#joined.delete(value.index);
      return previous === undefined ? [] : [{ type, value: previous }];
    }
    const joined = this.#join(value);
    if (type === 'added' || previous === undefined) return [{ type: 'added', value: joined }];
    return [changed(previous, joined, [...difference.properties, ...(hasNewAddresses ? ['addresses'] : [])])];
  }

  /** Emits the links whose addresses have changed; those of a link that does not exist any more are about to be removed. */
  #changeAddresses(touched: ReadonlySet<number>): readonly LiveDifference<Joined>[] {
    return [...touched].flatMap((index) => {
      const previous = this.#joined.get(index);
      return previous === undefined ? [] : [changed(previous, this.#join(previous), ['addresses'])];
    });
  }

  #join(link: Link): Joined {
    const joined = withRow({ ...link, addresses: this.#groups.get(link.index) ?? [] }, link[Row]) as Joined;
    this.#joined.set(link.index, joined);
    return joined;
  }

  /** Brings the groups up to date; returns the indexes of the links whose addresses have changed. */
  #group(differences: readonly LiveDifference<Address>[]): Set<number> {
    const touched = new Set<number>();
    for (const difference of differences) {
      const { type, value } = difference;
      const index = value.linkIndex;
      const group = this.#groups.get(index) ?? [];
      touched.add(index);
      if (type === 'added') this.#groups.set(index, [...group, value]);
      else if (type === 'changed')
        this.#groups.set(
          index,
          group.map((each) => (each === difference.previous ? value : each)),
        );
      else if (group.length > 1)
        this.#groups.set(
          index,
          group.filter((each) => each !== value),
        );
      else this.#groups.delete(index);
    }
    return touched;
  }
}
