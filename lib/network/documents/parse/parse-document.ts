import { networkClients } from '../../clients.js';
import { atOnce } from '../../common/slices.js';
import { translateError } from '../../common/translate-error.js';
import { routeNames } from '../../names/route-names.js';
import { documentModels } from '../document-models.js';
import type { NetworkDocument } from '../document.js';
import { readDocument } from './read-document.js';

/**
 * Checks a value, such as one that was parsed from JSON, and returns it as a document.
 *
 * The kernel is not asked: the document may name links that do not exist.
 *
 * @example Documents from a file
 * ```ts
 * import { readFileSync } from 'node:fs';
 *
 * const document = parseDocument(JSON.parse(readFileSync('network.json', 'utf8')));
 * ```
 *
 * @throws {@link NetworkError} `invalid` with the path of a value that is not valid, `conflict` if the document contradicts itself.
 * @public
 */
export function parseDocument(value: unknown): NetworkDocument {
  try {
    // No socket is opened: only the checks of the tables are used.
    return atOnce(readDocument(documentModels(networkClients({}), routeNames()), value)).document;
  } catch (error) {
    throw translateError(error, { verb: 'parse', subject: () => 'document', missing: [] });
  }
}
