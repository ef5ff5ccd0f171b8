import type { TunDevice } from '../../../socket/internal.js';
import type { Normal } from '../../fields/shape.js';
import type { Options } from '../../fields/option.js';

/** The engine's properties of a kind. @internal */
export type KindData = Readonly<Record<string, unknown>>;

/** The translation of the options of one kind of links. @internal */
export interface Kind<T> {
  readonly options: Options<T>;
  /** The kernel resets options that a change omits; a change sends all of them. */
  readonly whole?: true;
  /** Another family writes the options, after the link is created and before it goes up. */
  readonly separate?: true;
  /** The property of the engine with the index of the parent; `IFLA_LINK` if omitted. */
  readonly parentIn?: 'link';
  /** The property of the engine with the peer of a new pair. */
  readonly peerIn?: 'peer' | 'peerInfo';
  /** Properties that a new link needs: `parent`, `vlan.id`. */
  readonly needs?: readonly string[];
  /** Prepares the engine's properties for the table, such as bits of one attribute. */
  readonly fromData?: (data: KindData) => KindData;
  /**
   * Completes the engine's properties after the table.
   *
   * @param data - The written properties.
   * @param options - All options of the link as it will be.
   */
  readonly toData?: (data: KindData, options: Normal) => KindData;
  /** Checks a new link of the kind. @throws FieldError */
  readonly checkNew?: (wanted: Normal) => void;
  /** Returns the device to create, for a kind whose links netlink cannot create. */
  readonly device?: (options: Normal) => Omit<TunDevice, 'name'>;
}

/** A kind without options. @public */
export type NoOptions = Readonly<Record<string, never>>;

/** The kind of links that have no options. @internal */
export const WITHOUT_OPTIONS: Kind<NoOptions> = { options: {} };
