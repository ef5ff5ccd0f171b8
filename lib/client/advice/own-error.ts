import type { ErrorSchema, FamilySchema } from '../../schema/index.js';

/** The name and the meaning of an error number that only one family has. @internal */
export interface OwnError {
  readonly code?: string;
  /** The names of all errors that are possible; only if there are several. */
  readonly codes?: readonly string[];
  readonly meaning?: string | undefined;
}

/**
 * Finds the errors that a number of a family's own can mean.
 *
 * If the conditions of the errors leave several, `code` joins their names.
 *
 * @param request - The request, decoded; undefined if that is not possible.
 * @internal
 */
export function ownError({ errors = [] }: FamilySchema, operation: string, errno: number, request: object | undefined): OwnError {
  const sameNumber = errors.filter(({ value }) => value === -errno);
  const possible = sameNumber.filter((error) => isPossible(error, operation, request));
  // A request of another version of the kernel may contradict all conditions.
  const named = possible.length === 0 ? sameNumber : possible;
  const codes = [...new Set(named.map(({ name }) => name))];
  if (codes.length === 0) return {};
  const texts = [...new Set(named.flatMap(({ text }) => text ?? []))];
  return {
    code: codes.join(' or '),
    ...(codes.length === 1 ? {} : { codes }),
    meaning: texts.length === 0 ? undefined : texts.join(', or '),
  };
}

function isPossible(error: ErrorSchema, operation: string, request: object | undefined): boolean {
  if (error.operations?.includes(operation) === false) return false;
  if (request === undefined) return true;
  const given = (property: string): boolean => contains(request, property);
  return error.with?.some(given) !== false && error.without?.some(given) !== true;
}

/** Returns true if the value, or an object in it, has the property. */
function contains(value: unknown, property: string): boolean {
  if (Array.isArray(value)) return value.some((item) => contains(item, property));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Object.entries(value).some(([name, inner]) => (name === property && inner !== undefined) || contains(inner, property));
}
