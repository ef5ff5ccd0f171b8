import type { Read, Written } from '../common/written.js';
import type { KnownKinds, TrafficKind } from '../traffic/kind.js';
import { htbClass, type HtbClassOptions } from './htb-class.js';

/** The options of each kind of classes, by the name of the kind (`TCA_KIND`). @public */
export interface ClassKinds<U extends Written = Read> {
  /** A class with a rate. */
  readonly htb: HtbClassOptions<U>;
}

/** A kind of classes whose options this library translates. @public */
export type ClassKind = keyof ClassKinds;

const KINDS: { readonly [K in ClassKind]: TrafficKind<ClassKinds[K]> } = { htb: htbClass };

/** The kinds by name. @internal */
export const classKinds: KnownKinds = new Map(Object.entries(KINDS));
