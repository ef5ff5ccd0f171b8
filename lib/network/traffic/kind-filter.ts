import { tcSchema } from '../../families/tc.js';
import type { Check } from '../fields/check.js';
import { kindName, kindsOf } from '../fields/kind-name.js';

/** Kinds without options, which the specification of `tc` does not name. */
const WITHOUT_OPTIONS: readonly string[] = ['noqueue', 'noop', 'teql0'];

/** The check of the kind in filters for qdiscs, classes and filters of traffic control. @internal */
export const KIND_FILTER: Readonly<Record<string, Check>> = { kind: kindName(kindsOf(tcSchema, 'options-msg'), WITHOUT_OPTIONS) };
