import type { Read, Written } from '../common/written.js';
import type { KnownKinds, TrafficKind } from '../traffic/kind.js';
import { hfscClass, type HfscClassOptions } from './hfsc-class.js';
import { htbClass, type HtbClassOptions } from './htb-class.js';
import { drrClass, qfqClass, type DrrClassOptions, type QfqClassOptions } from './round-robin-classes.js';

/** The options of each kind of classes, by the name of the kind (`TCA_KIND`). @public */
export interface ClassKinds<U extends Written = Read> {
  /** A class that takes turns with others. */
  readonly drr: DrrClassOptions;
  /** A class with service curves. */
  readonly hfsc: HfscClassOptions<U>;
  /** A class with a rate. */
  readonly htb: HtbClassOptions<U>;
  /** A class with a weight. */
  readonly qfq: QfqClassOptions;
}

/** A kind of classes whose options this library translates. @public */
export type ClassKind = keyof ClassKinds;

const KINDS: { readonly [K in ClassKind]: TrafficKind<ClassKinds[K]> } = {
  drr: drrClass,
  hfsc: hfscClass,
  htb: htbClass,
  qfq: qfqClass,
};

/** The kinds by name. @internal */
export const classKinds: KnownKinds = new Map(Object.entries(KINDS));
