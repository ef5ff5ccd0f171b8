import { type Observable, catchError, forkJoin, map, of, throwError } from 'rxjs';
import { suggestion } from '../../check/index.js';
import { isKernelError } from '../../errors/index.js';
import type { GetlinkReply, GetlinkRequest, rtLink } from '../../families/rt-link.js';
import { FieldError } from '../common/field-error.js';
import { SharedTables } from '../live/shared-tables.js';
import { LinkNames, type LinkNameRow } from './link-names.js';

/** IFNAMSIZ - 1: the longest name of a link; alternative names are longer. */
const NAME_LENGTH = 15;

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

const PICK = ['ifiIndex', 'ifname', 'propList', 'address'] as const;

/** Resolves names of links through one client. @internal */
export class Names {
  readonly #link: ReturnType<typeof rtLink>;
  /** The live tables, whose objects have names of links too. */
  readonly live: SharedTables;

  constructor(link: ReturnType<typeof rtLink>) {
    this.#link = link;
    this.live = new SharedTables(link.tableOf('getlink'));
  }

  /** Reads the names of all links. */
  all(): Observable<LinkNames> {
    return this.#link.list('getlink', { extMask: SKIP_STATS }, { pick: [...PICK] }).pipe(map((rows) => new LinkNames(rows)));
  }

  /** Reads the links of some names; those that do not exist are absent from the result. */
  some(names: readonly string[]): Observable<LinkNames> {
    const wanted = [...new Set(names)];
    if (wanted.length === 0) return of(new LinkNames());
    return forkJoin(wanted.map((name) => this.#find(name))).pipe(
      map((found) => {
        const links = new LinkNames();
        for (const [index, row] of found.entries()) {
          if (row !== undefined) links.add({ ...row, propList: { altIfname: [...(row.propList?.altIfname ?? []), wanted[index]!] } });
        }
        return links;
      }),
    );
  }

  /** Adds the links of these indexes, if they are not among the names; those that do not exist are absent from the result. */
  including(names: LinkNames, indexes: readonly number[]): Observable<LinkNames> {
    const unknown = [...new Set(indexes)].filter((index) => names.nameOf(index) === undefined);
    if (unknown.length === 0) return of(names);
    return forkJoin(unknown.map((index) => this.#one({ ifiIndex: index }))).pipe(
      map((rows) => {
        for (const row of rows) if (row !== undefined) names.add(row);
        return names;
      }),
    );
  }

  /** Reads the routing table of a VRF link by its name; undefined if there is no such link, or it has another kind. */
  vrfTable(name: string): Observable<number | undefined> {
    return this.#link.do('getlink', { ...selectedBy(name), extMask: SKIP_STATS }, { pick: ['linkinfo'] }).pipe(
      map((row) => vrfTable(row)),
      catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of(undefined) : throwError(() => error))),
    );
  }

  /** Reads the routing tables of all VRF links, by name. */
  vrfTables(): Observable<ReadonlyMap<string, number>> {
    const request = { linkinfo: { kind: 'vrf' as const }, extMask: SKIP_STATS };
    return this.#link.list('getlink', request, { pick: [...PICK, 'linkinfo'] }).pipe(
      map((rows) => {
        const named = rows.flatMap((row) => [row.ifname, ...(row.propList?.altIfname ?? [])].map((name) => [name, vrfTable(row)] as const));
        return new Map(named.filter((pair): pair is [string, number] => pair[0] !== undefined && pair[1] !== undefined));
      }),
    );
  }

  /** Signals the error for a name that no link has, with a suggestion. */
  unknown(name: string, path: string): Observable<never> {
    return this.all().pipe(
      map((links) => {
        throw new FieldError(path, `no link is named '${name}'${suggestion(name, links.all, '; ')}`, 'unknown-name');
      }),
    );
  }

  #find(name: string): Observable<LinkNameRow | undefined> {
    return this.#one(selectedBy(name));
  }

  #one(request: GetlinkRequest): Observable<LinkNameRow | undefined> {
    return this.#link
      .do('getlink', { ...request, extMask: SKIP_STATS }, { pick: [...PICK] })
      .pipe(catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of(undefined) : throwError(() => error))));
  }
}

function selectedBy(name: string): GetlinkRequest {
  return Buffer.byteLength(name) > NAME_LENGTH ? { altIfname: name } : { ifname: name };
}

function vrfTable({ linkinfo }: Pick<GetlinkReply, 'linkinfo'>): number | undefined {
  return linkinfo?.kind === 'vrf' ? (linkinfo.data as { readonly table?: number } | undefined)?.table : undefined;
}
