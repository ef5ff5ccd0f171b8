import type { Wanted } from '../../tables/table-model.js';
import type { InputPart } from '../../common/input-parts.js';
import { peerOf } from '../parts/remote-peer.js';

/** Number of links below which each is written alone: a part costs at least one reading of all links. */
const FEWEST = 8;

/** A link to write, and the links that it names. @internal */
export interface Planned {
  readonly wanted: Wanted;
  readonly links: readonly string[];
}

/** Writes the links of a part. @internal */
export type Together = (wanted: readonly Planned[]) => ReturnType<NonNullable<InputPart<unknown>['together']>>;

/**
 * Divides links into parts whose links do not depend on each other: none names another one of its part, and no name occurs twice. A
 * link that is not planned is a part of its own.
 *
 * @param plan - Returns a link that can be written together with others; undefined for another one.
 * @internal
 */
export function* divide<Given>(
  input: Iterable<Given>,
  plan: (given: Given) => Planned | undefined,
  together: Together,
): Generator<InputPart<Given>, void, undefined> {
  let elements: Given[] = [];
  let planned: Planned[] = [];
  /** The names of the links of the part, and those names with the names that these links refer to. */
  let [own, touched] = [new Set<string>(), new Set<string>()];
  const take = (): InputPart<Given>[] => {
    const part = { elements, planned };
    elements = [];
    planned = [];
    [own, touched] = [new Set(), new Set()];
    if (part.elements.length === 0) return [];
    if (part.elements.length < FEWEST) return part.elements.map((element) => ({ elements: [element] }));
    return [{ elements: part.elements, together: () => together(part.planned) }];
  };
  for (const given of input) {
    const next = plan(given);
    if (next === undefined) {
      yield* take();
      yield { elements: [given] };
      continue;
    }
    const names = namesOf(next.wanted);
    if (names.some((name) => touched.has(name)) || next.links.some((link) => own.has(link))) yield* take();
    elements.push(given);
    planned.push(next);
    for (const name of names) own.add(name);
    for (const name of [...names, ...next.links]) touched.add(name);
  }
  yield* take();
}

/** Returns the names of the links that a wanted link means: its own and that of its peer. */
function namesOf(wanted: Wanted): readonly string[] {
  return [wanted['name'] as string | undefined, peerOf(wanted)?.name].filter((name) => name !== undefined);
}
