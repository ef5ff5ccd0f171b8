import { FieldError } from '../../common/field-error.js';
import { withProperties } from '../../common/with-properties.js';
import { linkName, mac, newLinkName, text } from '../../fields/check.js';
import { netns as checkNetns } from '../../fields/netns-check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import type { Wanted } from '../../tables/table-model.js';
import type { LinkMatch } from '../document.js';
import type { DocumentModels } from '../plan/planned-change.js';
import { parseTrees } from '../traffic/parse-trees.js';
import { ListedObject, objectOf, onlyTrue, parseList, wholeOf } from './parse-object.js';
import type { ListTable, ParsedLink, ParsedObject } from './parsed-document.js';
import { at } from './path.js';

/** IFNAMSIZ - 1. */
const NAME_LENGTH = 15;

const MATCH: Shape = {
  fields: { mac, permanentMac: mac, altname: linkName(127), bus: text(255), device: text(255), kind: text(NAME_LENGTH) },
};

/** The properties of a link that only documents have. */
const OTHERS: readonly string[] = ['match', 'absent', 'netns', 'addresses', 'neighbours', 'fdb', 'qdisc', 'clsact'];

const LISTS: readonly ListTable[] = ['addresses', 'neighbours', 'fdb'];

/** Parses a link of a document. @throws FieldError @internal */
export function parseLink(models: DocumentModels, value: unknown, path: string): ParsedLink {
  const given = objectOf(value);
  const { match, absent, netns, addresses, neighbours, fdb, qdisc, clsact, ...rest } = given;
  const isAbsent = onlyTrue('absent', absent, 'absent' in given);
  const found = match === undefined ? undefined : parseMatch(match);
  if (isAbsent) refuseOthers(given);
  const wanted = wholeOf(models.links, rest, OTHERS);
  const name = wanted['name'] as string;
  // A link that is only found by this name may have it as an alternative name.
  if (found !== undefined) newLinkName(name, 'name');
  const place = netns === undefined ? undefined : checkNetns(netns, 'netns');
  const entries = { addresses, neighbours, fdb };
  const lists = Object.fromEntries(
    LISTS.filter((table) => entries[table] !== undefined).map((table) => [table, parseEntries(models, table, entries[table], name, path)]),
  );
  const traffic = parseTrees(models, { qdisc, clsact });
  const listed = [...Object.keys(lists), ...Object.keys(traffic)][0];
  if (place !== undefined && listed !== undefined)
    throw new FieldError(listed, 'the link is in another network namespace; list it in the document of that namespace too, with its lists');
  return { path, name, match: found, absent: isAbsent, wanted, netns: place, lists, traffic };
}

function parseMatch(given: unknown): LinkMatch {
  const match = at('match', () => normalise(MATCH, given)) as LinkMatch;
  if (Object.keys(match).length === 0) throw new FieldError('match', 'selects every link; give at least one property, or omit match');
  return match;
}

function refuseOthers(given: object): void {
  const other = Object.keys(given).find((name) => !['name', 'match', 'absent'].includes(name));
  if (other !== undefined) throw new FieldError(other, 'is not valid beside absent; only name and match are');
}

/** Parses a list of a link. Its path in errors is relative to the link, and absolute in the result. */
function parseEntries(models: DocumentModels, table: ListTable, value: unknown, link: string, path: string): readonly ParsedObject[] {
  const list = `${path}.${table}`;
  return parseList(table, value, (element, index) => {
    const wanted =
      table === 'addresses' && typeof element === 'string' ? parseAddress(models, element, link) : parseEntry(models, table, element, link);
    return new ListedObject(list, index, wanted, models[table].keyOf(wanted), false, false);
  });
}

function parseEntry(models: DocumentModels, table: ListTable, element: unknown, link: string): Wanted {
  const { link: own, ...rest } = objectOf(element);
  // An entry that was read names its link.
  if (own !== undefined && own !== link) throw new FieldError('link', `the entry is listed at link ${link}; omit its link`);
  return wholeOf(models[table], withProperties(rest, { link }));
}

/** An address in text has no properties: the element of the list is what is wrong. */
function parseAddress(models: DocumentModels, address: string, link: string): Wanted {
  try {
    return wholeOf(models.addresses, { address, link });
  } catch (error) {
    throw error instanceof FieldError ? new FieldError('', error.message, error.reason) : error;
  }
}
