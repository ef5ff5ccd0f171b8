import { FieldError } from '../../common/field-error.js';
import { shown, uint32 } from '../../fields/check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import type { DocumentModels } from '../plan/planned-change.js';
import { parseList } from './parse-object.js';
import type { ParsedDocument } from './parsed-document.js';

/** Protocols whose routes the kernel or a client of another protocol manages. */
const FOREIGN: readonly unknown[] = ['kernel', 'redirect', 'ra', 'dhcp', 'unspec'];

const GROUP: Shape = { fields: { group: uint32 } };

/**
 * Parses the ownership of a document. A name that is not known may be that of a VRF of the kernel, and is kept.
 *
 * @param vrfTables - The routing tables of the VRFs of the document, by name.
 * @throws FieldError
 * @internal
 */
export function parseOwns({ routes }: DocumentModels, value: unknown, vrfTables: ReadonlyMap<string, number>): ParsedDocument['owns'] {
  const { protocol: checkProtocol, table: checkTable } = routes.shape.fields;
  const table = (given: unknown, path: string): string | number => {
    if (typeof given === 'string' && given !== '' && routes.tableNames?.has(given) === false && !vrfTables.has(given)) return given;
    return checkTable!(typeof given === 'string' ? (vrfTables.get(given) ?? given) : given, path) as string | number;
  };
  const shape: Shape = {
    fields: {
      protocol: (given, path) => {
        const protocol = checkProtocol!(given, path);
        if (FOREIGN.includes(protocol))
          throw new FieldError(path, `routes of protocol ${shown(protocol)} are not the caller's; take a number of your own`);
        return protocol;
      },
      tables: (given, path) => parseList(path, given, (element) => table(element, '')),
      links: (given, path) => {
        const { group } = normalise(GROUP, given, path) as { readonly group?: number };
        if (group === undefined) throw new FieldError(`${path}.group`, 'is required');
        if (group === 0) throw new FieldError(`${path}.group`, 'every link is in group 0 at first; take another number');
        return group;
      },
    },
  };
  const { links: group, ...owns } = normalise(shape, value) as { links?: number; protocol?: string | number; tables?: readonly string[] };
  if (owns.tables !== undefined && owns.protocol === undefined) throw new FieldError('tables', 'needs a protocol beside it');
  return { ...owns, ...(group !== undefined && { group }) };
}
