import { familyFactory, type FamilyFactory, type UntypedFamily } from '../client/index.js';
import { schemaOfSpecification } from '../codegen/internal.js';
import type { TypedFamilySchema } from '../schema/index.js';
import { kindOf } from '../check/index.js';

/** The options of loading a specification. @public */
export interface LoadOptions {
  /**
   * The name of the file, for errors. The name of a shipped family, e.g. `rt-link.yaml`, also applies the corrections of the
   * package; a correction is omitted if the specification already has it.
   * @defaultValue `specification.yaml`
   */
  readonly file?: string;
  /** Receives notes about harmless oddities of the specification. */
  readonly note?: (text: string) => void;
}

/**
 * Creates the factory of a family from the text of its specification (YNL), for families that the package does not ship.
 *
 * Load only texts that you trust. Names of a specification never run as code, but the specification decides which bytes are sent.
 * The compiler does not know the family: using an unknown name throws a TypeError with a suggestion, and an unknown property is an
 * `EncodeError` before the request is sent.
 *
 * @param text - The YAML text, as in Documentation/netlink/specs of the kernel sources.
 * @returns A factory like those of `rxnetlink/families`, without types.
 * @throws {@link SpecError} with place and reason, if the specification holds anything that is not supported.
 *
 * @example Load the family of your own kernel module
 * ```ts
 * const module = loadFamily(readFileSync('my-module.yaml', 'utf8'));
 * const rows = await lastValueFrom(module().list('get'));
 * ```
 * @public
 */
export function loadFamily(
  text: string,
  { file = 'specification.yaml', note = () => undefined }: LoadOptions = {},
): FamilyFactory<UntypedFamily> {
  if (typeof text !== 'string') throw new TypeError(`loadFamily: text must be a string, not ${kindOf(text)}`);
  return familyFactory(schemaOfSpecification(text, file, note) as TypedFamilySchema<UntypedFamily>);
}
