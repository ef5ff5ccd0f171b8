import { closeSync, openSync } from 'node:fs';
import { catchError, defer, finalize, forkJoin, map, of, type Observable } from 'rxjs';
import { rtNsid } from '../../families/rt-nsid.js';
import type { Elsewhere } from './build-topology.js';
import type { NamespaceLinks } from './namespace-links.js';

/**
 * The numbers that namespaces have for each other (NSIDs): a link names the namespace of its peer by one.
 *
 * The kernel answers in one direction only: the number of a namespace, not the namespace of a number. Only namespaces that may be the answer
 * are asked for, because a machine may have hundreds.
 */
export class NamespaceNumbers {
  /** By the namespace that has the numbers. */
  readonly #known = new Map<NamespaceLinks, Map<number, NamespaceLinks>>();
  /** The questions of which the answers are missing. */
  readonly #open = new Map<NamespaceLinks, Set<NamespaceLinks>>();

  /** Returns a namespace by its number; notes the question if the answer is not known. */
  locate({ from, netnsid, index, link }: Elsewhere, all: readonly NamespaceLinks[]): NamespaceLinks | undefined {
    const found = this.#known.get(from)?.get(netnsid);
    if (found !== undefined && all.includes(found)) return found;
    for (const candidate of all) {
      const other = candidate.links.get(index);
      // The two ends of a pair name each other.
      if (candidate === from || other === undefined || (link.peer !== undefined && other.peer?.index !== link.index)) continue;
      const asked = this.#open.get(from);
      if (asked === undefined) this.#open.set(from, new Set([candidate]));
      else asked.add(candidate);
    }
    return undefined;
  }

  /** Asks the open questions; emits true if an answer is new. */
  ask(): Observable<boolean> {
    const questions = [...this.#open].flatMap(([from, candidates]) => [...candidates].map((candidate) => this.#ask(from, candidate)));
    this.#open.clear();
    return questions.length === 0 ? of(false) : forkJoin(questions).pipe(map((answers) => answers.includes(true)));
  }

  forget(namespace: NamespaceLinks): void {
    this.#known.delete(namespace);
    for (const numbers of this.#known.values()) for (const [number, target] of numbers) if (target === namespace) numbers.delete(number);
  }

  #ask(from: NamespaceLinks, target: NamespaceLinks): Observable<boolean> {
    return defer(() => {
      const fd = openSync(target.path, 'r');
      return rtNsid(from.net.clients.link.socket)
        .do('getnsid', { fd })
        .pipe(finalize(() => closeSync(fd)));
    }).pipe(
      map(({ nsid = -1 }) => {
        if (nsid < 0) return false;
        const numbers = this.#known.get(from) ?? new Map<number, NamespaceLinks>();
        this.#known.set(from, numbers);
        const isNew = numbers.get(nsid) !== target;
        numbers.set(nsid, target);
        return isNew;
      }),
      // The namespace has gone.
      catchError(() => of(false)),
    );
  }
}
