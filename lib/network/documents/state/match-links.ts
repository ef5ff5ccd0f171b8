import { FieldError } from '../../common/field-error.js';
import type { Link } from '../../links/link.js';
import type { LinkMatch } from '../document.js';
import type { ParsedLink } from '../parse/parsed-document.js';

/**
 * Returns the link of the kernel for each link of a document that has one.
 *
 * @throws FieldError `ambiguous` if a match selects several links, or several links of the document select one; `missing` if it
 * selects none and the document does not describe a new link.
 * @internal
 */
export function matchLinks(wanted: readonly ParsedLink[], links: readonly Link[]): ReadonlyMap<ParsedLink, Link> {
  const found = new Map<ParsedLink, Link>();
  const takenBy = new Map<Link, ParsedLink>();
  const here = wanted.filter(({ netns }) => netns === undefined);
  const byName = namesOf(links);
  // A link that is found by a match gives its name away, if it gets another one.
  for (const link of [...here.filter(({ match }) => match !== undefined), ...here.filter(({ match }) => match === undefined)]) {
    const isGiven = (object: Link): boolean => takenBy.get(object)?.match !== undefined && takenBy.get(object)?.name !== link.name;
    const object = link.match === undefined ? byName.get(link.name)?.find((each) => !isGiven(each)) : findLink(link, link.match, links);
    if (object === undefined) continue;
    const other = takenBy.get(object);
    if (other !== undefined) throw new FieldError(link.path, `selects link ${object.name}, as ${other.path} does`, 'ambiguous');
    takenBy.set(object, link);
    found.set(link, object);
  }
  return found;
}

/** Returns the links by their names and alternative names; those of the name itself come first. */
function namesOf(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
  const named = new Map<string, Link[]>();
  const add = (name: string, link: Link): void => void named.set(name, [...(named.get(name) ?? []), link]);
  for (const link of links) add(link.name, link);
  for (const link of links) for (const name of link.altnames ?? []) add(name, link);
  return named;
}

function findLink({ path, absent, wanted }: ParsedLink, match: LinkMatch, links: readonly Link[]): Link | undefined {
  const fitting = links.filter((link) => fits(link, match));
  const [object, second] = fitting;
  if (second !== undefined) {
    const names = fitting.map((link) => link.name).join(', ');
    throw new FieldError(`${path}.match`, `selects ${fitting.length} links: ${names}; add a property to it`, 'ambiguous');
  }
  if (object === undefined && !absent && wanted['kind'] === undefined) throw new FieldError(`${path}.match`, 'selects no link', 'missing');
  return object;
}

function fits(link: Link, { mac, permanentMac, altname, bus, device, kind }: LinkMatch): boolean {
  return (
    (mac === undefined || link.mac === mac) &&
    (permanentMac === undefined || link.permanentMac === permanentMac) &&
    (altname === undefined || link.altnames?.includes(altname) === true) &&
    (bus === undefined || link.driver?.bus === bus) &&
    (device === undefined || link.driver?.device === device) &&
    (kind === undefined || link.kind === kind)
  );
}
