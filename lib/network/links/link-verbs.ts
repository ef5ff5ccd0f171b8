import type { Observable } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { Netns } from '../common/netns.js';
import type { Readers, VerbOptions, Writers } from '../tables/verbs.js';
import type { LinkConditions } from './link-conditions.js';
import type { Link, LinkFilter, LinkKey, LinkPart, LinkParts, LinkSpec, WatchedPart, With } from './link.js';

/** The verbs of links. Each is a cold Observable; all except `watch` emit exactly one value. @public */
export interface LinkVerbs
  extends Omit<Readers<Link, LinkKey, LinkFilter>, 'list' | 'get' | 'find' | 'watch'>, Writers<Link, LinkSpec, LinkKey, LinkPart> {
  /** Emits all links that match the filter, as one array; with the parts that `with` names. */
  list<W extends keyof LinkParts = never>(
    filter?: LinkFilter & With<W>,
    options?: VerbOptions,
  ): Observable<readonly (Link & Pick<LinkParts, W>)[]>;
  /**
   * Emits one link; with the parts that `with` names.
   *
   * @throws {@link NetworkError} `missing` if there is none.
   */
  get<W extends keyof LinkParts = never>(key: LinkKey, options?: VerbOptions & With<W>): Observable<Link & Pick<LinkParts, W>>;
  /** Emits one link, or `undefined` if there is none; with the parts that `with` names. */
  find<W extends keyof LinkParts = never>(
    key: LinkKey,
    options?: VerbOptions & With<W>,
  ): Observable<(Link & Pick<LinkParts, W>) | undefined>;
  /**
   * Emits all links with the parts that `with` names, then every change. A change of an address is a `changed` of its
   * link with the property `'addresses'`, a new name a `changed` with `'name'`. A link that begins or ceases to match the filter is
   * `added` or `removed`.
   */
  watch<W extends WatchedPart>(filter: LinkFilter & Required<With<W>>): Observable<LiveChange<Link & Pick<LinkParts, W>>>;
  /** Emits all links, then every change. A link that begins or ceases to match the filter is `added` or `removed`. */
  watch(filter?: LinkFilter): Observable<LiveChange<Link>>;
  /**
   * Renames a link, which may be up; emits it.
   *
   * @param options - `keep` adds the old name as an alternative name.
   * @throws {@link NetworkError} `exists` if another link has the name, or has it as an alternative name, `busy` if the link is up and
   * the kernel is older than Linux 6.2.
   */
  rename(key: LinkKey, name: string, options?: VerbOptions & { readonly keep?: boolean }): Observable<Link>;
  /**
   * Moves a link to another network namespace; emits it as it is there. The move sets it down and removes its addresses, its
   * routes and its master; alternative names, alias, group and MTU stay.
   *
   * @param to - The namespace, and the name there if it changes.
   * @throws {@link NetworkError} `exists` if a link there has the name or one of the alternative names, `unsupported` if the
   * kernel does not move the link.
   */
  move(key: LinkKey, to: { readonly netns: Netns; readonly name?: string }, options?: VerbOptions): Observable<Link>;
  /**
   * Waits until a link meets all conditions, at once if it does; emits it with its addresses, or `undefined` for `absent`. The
   * link may not exist yet.
   *
   * @param options - `signal` ends the wait; its `reason` becomes the error.
   * @throws {@link NetworkError} `timeout`, with the condition that is not met.
   */
  until(
    name: string,
    conditions: LinkConditions,
    options?: Pick<VerbOptions, 'signal'>,
  ): Observable<(Link & Pick<LinkParts, 'addresses'>) | undefined>;
}
