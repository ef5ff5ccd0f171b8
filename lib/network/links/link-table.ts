import { type Observable, catchError, ignoreElements, concat, map, mergeMap } from 'rxjs';
import { suggestion } from '../../check/index.js';
import type { NetworkClients } from '../clients.js';
import { isNetworkError, NetworkError } from '../common/network-error.js';
import type { Netns } from '../common/netns.js';
import { keyText } from '../fields/argument-error.js';
import { linkName, newLinkName } from '../fields/check.js';
import { netns as checkNetns } from '../fields/netns-check.js';
import { normalise, requireFields, type Shape } from '../fields/shape.js';
import { Names } from '../names/names.js';
import { kinds } from './kinds/kinds.js';
import { checkEnsureOptions, checkVerbOptions, runVerb } from '../tables/run-verb.js';
import { linksOf } from '../tables/linked.js';
import { copyOf, copyOfSecond } from '../tables/table-reader.js';
import type { Ensured, EnsureOptions, Many, VerbOptions } from '../tables/verbs.js';
import { watchFiltered } from '../tables/watch-filtered.js';
import { WritableTable } from '../tables/writable-table.js';
import type { LiveChange } from '../../live/index.js';
import type { Link, LinkFilter, LinkKey, LinkPart, LinkParts, LinkSpec, WatchedPart, With } from './link.js';
import { checkConditions, type LinkConditions } from './link-conditions.js';
import { linkModel } from './link-model.js';
import { addParts, partNames, refusePart, watchedParts } from './parts/link-parts.js';
import type { LinkVerbs } from './link-verbs.js';
import { LinkWriter, canBeTogether, type Origin } from './link-writer.js';
import { divide, type Planned } from './many/divide.js';
import { addLinks, deleteLinks, ensureLinks, type LinkSource } from './many/write-links.js';
import { untilLink, type Awaited } from './until-link.js';
import { inNamespace, withDescriptor } from './namespace.js';
import { undisturbed } from './parts/undisturbed.js';
import { watchWithAddresses } from './parts/watch-with-addresses.js';

type MoveTarget = Parameters<LinkVerbs['move']>[1];

type WithParts<W extends keyof LinkParts> = Link & Pick<LinkParts, W>;

/** The timeout of `until` is one of its conditions. */
const UNTIL_OPTIONS: ReadonlySet<string> = new Set<keyof VerbOptions>(['signal']);

/** The verbs of links. @internal */
export class LinkTable extends WritableTable<Link, LinkSpec, LinkKey, LinkFilter, LinkPart> implements LinkVerbs {
  readonly #clients: NetworkClients;

  constructor(clients: NetworkClients, names: Names = new Names(clients.link), origin?: Origin) {
    super(linkModel(clients, origin), names);
    this.#clients = clients;
  }

  override list<W extends keyof LinkParts = never>(
    filter: LinkFilter & With<W> = {},
    options: VerbOptions = {},
  ): Observable<readonly WithParts<W>[]> {
    for (const argument of [filter, options]) refusePart('list', argument, (given) => `list(${given})`, argument === filter);
    const { with: parts, ...rest } = copyOf('list', filter) as LinkFilter & With<W>;
    const names = partNames('list', parts);
    const links = super.list(rest, options);
    return this.#parts<W>('list', options, links, names);
  }

  override get<W extends keyof LinkParts = never>(key: LinkKey, options: VerbOptions & With<W> = {}): Observable<WithParts<W>> {
    refusePart('get', options, (given) => `get(key, ${given})`);
    const { with: parts, ...rest } = options;
    const names = partNames('get', parts);
    const one = this.#suggesting('get', key, super.get(key, rest)).pipe(map((link) => [link]));
    return this.#parts<W>('get', rest, one, names).pipe(
      map(([link]) => {
        if (link === undefined) throw this.gone('get', this.readKey(key));
        return link;
      }),
    );
  }

  override find<W extends keyof LinkParts = never>(
    key: LinkKey,
    options: VerbOptions & With<W> = {},
  ): Observable<WithParts<W> | undefined> {
    refusePart('find', options, (given) => `find(key, ${given})`);
    const { with: parts, ...rest } = options;
    const names = partNames('find', parts);
    const one = super.find(key, rest).pipe(map((link) => (link === undefined ? [] : [link])));
    return this.#parts<W>('find', rest, one, names).pipe(map(([link]) => link));
  }

  override watch<W extends WatchedPart>(filter: LinkFilter & Required<With<W>>): Observable<LiveChange<WithParts<W>>>;
  override watch(filter?: LinkFilter): Observable<LiveChange<Link>>;
  override watch(filter: LinkFilter & With<WatchedPart> = {}): Observable<LiveChange<never>> {
    refusePart('watch', filter, (given) => `watch(${given})`, true);
    const { with: parts, ...rest } = copyOf('watch', filter) as LinkFilter & With<WatchedPart>;
    if (watchedParts(parts).length === 0) return super.watch(rest) as Observable<LiveChange<never>>;
    return this.#on('watch', {}, {}, () => {
      const addresses = { table: 'addresses', request: {}, rows: this.#clients.addr.tableOf('getaddr', {}) } as const;
      const links = watchWithAddresses(this.names.live, addresses);
      return this.byNames(this.readFilter(rest)).pipe(
        mergeMap((wanted) => links.pipe(watchFiltered((link) => this.fits(link, wanted)))),
      ) as Observable<LiveChange<never>>;
    });
  }

  override add(spec: LinkSpec, options: VerbOptions = {}): Observable<Link> {
    const { netns, ...rest } = copyOf('add', spec, this.model) as LinkSpec;
    checkVerbOptions('add', options);
    if (netns === undefined) return super.add(rest, options);
    return this.#elsewhere('add', netns, rest, options, (table, there) => table.add(there));
  }

  override ensure(spec: LinkSpec, options: EnsureOptions = {}): Observable<Ensured<Link>> {
    const { netns, ...rest } = copyOf('ensure', spec, this.model) as LinkSpec;
    checkEnsureOptions('ensure', options);
    if (netns === undefined) return super.ensure(rest, options);
    const { recreate = false } = options;
    return this.#elsewhere('ensure', netns, rest, options, (table, there) => table.ensure(there, { recreate }));
  }

  override change(key: LinkKey, part: LinkPart, options: EnsureOptions = {}): Observable<Ensured<Link>> {
    return this.#suggesting('change', key, super.change(key, part, options));
  }

  override delete(key: LinkKey, options: VerbOptions = {}): Observable<Link> {
    return this.#suggesting('delete', key, super.delete(key, options));
  }

  rename(key: LinkKey, name: string, options: VerbOptions & { readonly keep?: boolean } = {}): Observable<Link> {
    const { keep = false, ...rest } = options;
    checkVerbOptions('rename', rest);
    const given = copyOf('rename', key, this.model, true);
    const { link: client } = this.#clients;
    return this.#on('rename', given, rest, () => {
      const ifname = newLinkName(name, 'name');
      return this.#existing('rename', given).pipe(
        mergeMap(({ index: ifiIndex, name: old, altnames = [] }) => {
          if (old === ifname) return this.get({ index: ifiIndex });
          const list = (altname: string) => ({ ifiIndex, propList: { altIfname: [altname] } });
          return concat(
            // The kernel rejects a name that is an alternative name, also one of the link itself (EEXIST).
            altnames.includes(ifname) ? client.do('dellinkprop', list(ifname)).pipe(ignoreElements()) : [],
            client.do('newlink', { ifiIndex, ifname }).pipe(ignoreElements()),
            keep ? client.do('newlinkprop', list(old), { create: true, exclusive: true }).pipe(ignoreElements()) : [],
            this.get({ index: ifiIndex }),
          );
        }),
      );
    });
  }

  move(key: LinkKey, to: MoveTarget, options: VerbOptions = {}): Observable<Link> {
    checkVerbOptions('move', options);
    const given = copyOf('move', key, this.model, true);
    const target = copyOfSecond('move', to, () => moveCall(given, to));
    return this.#on('move', given, options, () => {
      const { netns, name: ifname } = readTarget(target);
      return this.#existing('move', given).pipe(
        mergeMap(({ index: ifiIndex, name: old }) =>
          withDescriptor(this.#clients, netns, (netNsFd) =>
            concat(
              this.#clients.link
                .do('newlink', { ifiIndex, netNsFd: netNsFd!, ...(ifname !== undefined && { ifname }) })
                .pipe(ignoreElements()),
              inNamespace(this.#clients, { fd: netNsFd! }, (clients) => new LinkTable(clients).get(ifname ?? old)),
            ),
          ),
        ),
      );
    });
  }

  until(name: string, conditions: LinkConditions, options: Pick<VerbOptions, 'signal'> = {}): Observable<Awaited> {
    checkVerbOptions('until', options, UNTIL_OPTIONS);
    const given = copyOfSecond('until', conditions, () => `until(${keyText(name)}, { up: true })`) as LinkConditions;
    return this.#on('wait for', name, options, () => {
      checkConditions(given);
      return untilLink(this.#clients, linkName(127)(name, 'name'), given);
    });
  }

  override addMany(specs: Iterable<LinkSpec>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('addMany', options);
    const add = (spec: LinkSpec): Observable<boolean> => this.add(spec).pipe(map(() => true));
    return this.each('addMany', specs, options, add, (input) =>
      divide(
        input,
        (spec) => this.#planned(spec, true),
        (planned) => addLinks(this.#source, planned),
      ),
    );
  }

  override ensureMany(specs: Iterable<LinkSpec>, options: EnsureOptions = {}): Observable<Many> {
    checkEnsureOptions('ensureMany', options);
    const { recreate = false } = options;
    const ensure = (spec: LinkSpec): Observable<boolean> => this.ensure(spec, { recreate }).pipe(map(({ changed }) => changed.length > 0));
    return this.each('ensureMany', specs, options, ensure, (input) =>
      divide(
        input,
        (spec) => this.#planned(spec, false),
        (planned) => ensureLinks(this.#source, planned),
      ),
    );
  }

  override deleteMany(keys: Iterable<LinkKey>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('deleteMany', options);
    const remove = (key: LinkKey): Observable<boolean> => this.delete(key).pipe(map(() => true));
    return this.each('deleteMany', keys, options, remove, (input) =>
      divide(
        input,
        (key) => this.#plannedKey(key),
        (planned) =>
          deleteLinks(
            this.#source,
            planned.map(({ wanted }) => wanted),
          ),
      ),
    );
  }

  get #source(): LinkSource {
    return { client: this.#clients.link, writer: new LinkWriter(this.#clients, undefined), model: this.model };
  }

  /** Returns a link that can be written together with others. One that is not valid is written alone, which signals its error. */
  #planned(spec: LinkSpec, isNew: boolean): Planned | undefined {
    try {
      const wanted = this.readSpec(copyOf('spec', spec));
      const links = linksOf(this.model, wanted);
      return canBeTogether(wanted, isNew) ? { wanted, links } : undefined;
    } catch {
      return undefined;
    }
  }

  #plannedKey(key: LinkKey): Planned | undefined {
    try {
      return { wanted: this.readKey(copyOf('key', key, this.model, true)), links: [] };
    } catch {
      return undefined;
    }
  }

  #on<R>(verb: string, given: unknown, options: VerbOptions, run: () => Observable<R>): Observable<R> {
    return runVerb(
      this.context(verb, () => this.subject(given)),
      options,
      run,
    );
  }

  /** Adds the most similar name to the error for a link that does not exist. */
  #suggesting<R>(verb: string, key: unknown, source: Observable<R>): Observable<R> {
    const name = typeof key === 'string' ? key : (key as { readonly name?: unknown }).name;
    if (typeof name !== 'string') return source;
    return source.pipe(
      catchError((error: unknown) => {
        if (!isNetworkError(error, 'missing') || error.path !== undefined || error.cause !== undefined) throw error;
        return this.names.all().pipe(
          map(({ all }) => {
            const text = `it does not exist${suggestion(name, all, '; ')}`;
            throw new NetworkError({ reason: 'missing', verb, subject: error.subject, text });
          }),
        );
      }),
    );
  }

  #existing(verb: string, given: unknown): Observable<Link> {
    const key = this.readKey(given);
    const found = this.locate(verb, key).pipe(
      map(({ object }) => {
        if (object === undefined) throw this.gone(verb, key);
        return object;
      }),
    );
    return this.#suggesting(verb, key, found);
  }

  #parts<W extends keyof LinkParts>(
    verb: string,
    options: VerbOptions,
    links: Observable<readonly Link[]>,
    names: ReturnType<typeof partNames>,
  ): Observable<readonly WithParts<W>[]> {
    if (names.length === 0) return withoutParts<W>(links);
    return runVerb(
      this.context(verb, () => 'links'),
      options,
      () => {
        const joined = links.pipe(mergeMap((all) => addParts(this.#clients, all, names) as Observable<readonly WithParts<W>[]>));
        // Counters belong to no moment.
        return names.some((name) => name !== 'statistics') ? undisturbed(this.#clients.link, joined, verb === 'list') : joined;
      },
    );
  }

  /** Runs a verb in another namespace. A new link is created from this one: its parent is here. */
  #elsewhere<R>(
    verb: string,
    netns: Netns,
    spec: LinkSpec,
    options: VerbOptions,
    run: (table: LinkTable, spec: LinkSpec) => Observable<R>,
  ): Observable<R> {
    return this.#on(verb, spec, options, () => {
      const { parent, ...there } = spec;
      const target = checkNetns(netns, 'netns');
      return this.resolve(parent === undefined ? {} : { parent: linkName(127)(parent, 'parent') }).pipe(
        mergeMap((names) =>
          withDescriptor(this.#clients, target, (netNsFd) => {
            // A pair belongs to the namespace as a whole, and a device is created there: they have no parent here.
            const { peerIn, device } = kinds.get(spec.kind ?? '') ?? {};
            if (peerIn !== undefined || device !== undefined)
              return inNamespace(this.#clients, { fd: netNsFd! }, (clients) => run(new LinkTable(clients), spec));
            const origin = {
              client: this.#clients.link,
              netNsFd: netNsFd!,
              parent: parent === undefined ? undefined : names.indexOf(parent),
            };
            return inNamespace(this.#clients, { fd: netNsFd! }, (clients) =>
              run(new LinkTable(clients, undefined, origin), there as LinkSpec),
            );
          }),
        ),
      );
    });
  }
}

/** The second argument of `move`. */
const TARGET: Shape = { fields: { netns: checkNetns, name: newLinkName } };

/** Checks the second argument of `move`. @throws FieldError */
function readTarget(given: unknown): MoveTarget {
  const target = normalise(TARGET, given);
  requireFields(target, ['netns']);
  return target as unknown as MoveTarget;
}

/** Returns links of which no parts are wanted: W is never. */
function withoutParts<W extends keyof LinkParts>(links: Observable<readonly unknown[]>): Observable<readonly WithParts<W>[]> {
  return links as Observable<readonly WithParts<W>[]>;
}

function moveCall(key: unknown, to: unknown): string {
  return `move(${keyText(key)}, { netns: '${typeof to === 'string' ? to : 'blue'}' })`;
}
