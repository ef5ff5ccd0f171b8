import { FieldError } from '../common/field-error.js';
import { ip } from '../fields/address-checks.js';
import { boolean, linkName, word } from '../fields/check.js';
import { requireFields, type Shape } from '../fields/shape.js';
import type { NumberNames } from '../names/number-names.js';
import type { Wanted } from '../tables/table-model.js';
import { neighbourMac } from './neighbour-mac.js';
import type { NeighbourState, NeighbourStateName } from './neighbour.js';

/** NUD_* by name (uapi/linux/neighbour.h). @internal */
export const STATES: Readonly<Record<NeighbourStateName, number>> = {
  none: 0,
  incomplete: 1,
  reachable: 2,
  stale: 4,
  delay: 8,
  probe: 16,
  failed: 32,
  noarp: 64,
  permanent: 128,
};

/** Returns the name of a state, or its number if it has none. @internal */
export function stateName(state: number): NeighbourStateName | number {
  return (Object.keys(STATES) as NeighbourStateName[]).find((name) => STATES[name] === state) ?? state;
}

/** Properties that only readers return. @internal */
export const NEIGHBOUR_STATE: readonly (keyof NeighbourState)[] = ['family', 'linkIndex'];

/** Returns the properties that writers accept. @internal */
export function neighbourShape(protocols: NumberNames): Shape {
  return {
    fields: {
      link: linkName(127),
      address: ip,
      proxy: boolean,
      mac: neighbourMac,
      state: (value, path) => {
        const state = word(Object.keys(STATES) as NeighbourStateName[])(value, path);
        return typeof state === 'number' ? stateName(state) : state;
      },
      router: boolean,
      external: boolean,
      protocol: protocols.check,
    },
    out: NEIGHBOUR_STATE,
  };
}

/** Checks the properties of an entry that depend on each other. @throws FieldError @internal */
export function checkNeighbour(wanted: Wanted): void {
  requireFields(wanted, ['address']);
  const { link, address, proxy, state, mac } = wanted;
  const isIpv6 = String(address).includes(':');
  if (link === undefined && (proxy !== true || isIpv6)) throw new FieldError('link', 'is required; only an IPv4 proxy entry may omit it');
  if (proxy === true) {
    const ignored = ['mac', 'state'].find((name) => wanted[name] !== undefined);
    if (ignored !== undefined) throw new FieldError(ignored, 'a proxy entry has none; the kernel ignores it');
  } else if (mac === undefined && (state === undefined || state === 'permanent' || state === 'reachable' || state === 'stale')) {
    throw new FieldError('mac', `is required for an entry in state ${typeof state === 'string' ? state : 'permanent'}`);
  }
}
