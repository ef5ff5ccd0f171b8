import { familyFactory, type FamilyFactory } from '../client/index.js';
import { describeFamily } from '../codegen/internal.js';
import type { TypedFamilySchema } from '../schema/index.js';
import { kindOf } from '../check/index.js';
import type { UntypedFamily } from './untyped-family.js';

/** How to load a specification. @public */
export interface LoadOptions {
  /**
   * Name of the specification's file, for errors. That of a family which the package ships, `rt-link.yaml`, brings the
   * package's corrections of it too; they are left out where the specification has what they add.
   * @defaultValue `specification.yaml`
   */
  readonly file?: string;
  /** Takes what is odd about the specification but does no harm. */
  readonly note?: (text: string) => void;
}

/**
 * Makes the factory of a family from the text of its specification (YNL), for a family that the package does not ship.
 *
 * Do not fetch the text from somewhere you would not run code from: its names are checked and never run as code, but what it
 * says is what is sent. The compiler knows nothing of such a family: a name that it lacks is a TypeError with a suggestion
 * when it is used, a property that it lacks is an {@link EncodeError} before anything is sent.
 *
 * @param text - YAML, as in Documentation/netlink/specs of the kernel's sources.
 * @returns What a module of `rxnetlink/families` exports too, without the types.
 * @throws {@link SpecError} at anything that is not understood, with the place and the reason.
 *
 * @example A family of a module of one's own
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
  if (typeof text !== 'string') throw new TypeError(`loadFamily: the text of a specification must be a string, not ${kindOf(text)}`);
  return familyFactory(describeFamily(text, file, note) as TypedFamilySchema<UntypedFamily>);
}
