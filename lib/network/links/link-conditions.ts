import { checkOptionNames } from '../../check/index.js';
import type { Address } from '../addresses/address.js';
import { FieldError } from '../common/field-error.js';
import { anyCidr } from '../fields/address-checks.js';
import { boolean, time } from '../fields/check.js';
import type { Time } from '../units/time.js';
import type { Link } from './link.js';

/** The conditions that `until` waits for; all of them. @public */
export interface LinkConditions {
  /** The link is up, or down, by configuration. */
  readonly up?: boolean;
  /** The link has a carrier, or none. */
  readonly carrier?: boolean;
  /** The link has an address: any, one that is not of scope host or link, or this one, with or without its prefix length. */
  readonly address?: 'any' | 'global' | (string & {});
  /** No address of the link is tentative: duplicate address detection is over. */
  readonly settled?: boolean;
  /** The link does not exist. */
  readonly absent?: boolean;
  /**
   * The longest time to wait.
   * @defaultValue no limit
   */
  readonly timeout?: Time;
}

const NAMES: ReadonlySet<string> = new Set<keyof LinkConditions>(['up', 'carrier', 'address', 'settled', 'absent', 'timeout']);

/** Checks conditions. @throws TypeError if one is unknown. @throws FieldError if a value is not valid. @internal */
export function checkConditions(conditions: LinkConditions): void {
  checkOptionNames('until', conditions, NAMES);
  const { address, timeout, ...flags } = conditions;
  for (const [name, value] of Object.entries(flags)) boolean(value, name);
  if (timeout !== undefined) time(timeout, 'timeout');
  if (address !== undefined && address !== 'any' && address !== 'global') anyCidr(address, 'address');
  if (flags.absent === true && Object.keys(conditions).some((name) => name !== 'absent' && name !== 'timeout'))
    throw new FieldError('absent', 'a link that does not exist has no other condition');
}

/** Returns the first condition that a link does not meet, in words; `undefined` if it meets all. @internal */
export function unmet(conditions: LinkConditions, link: Link | undefined, addresses: readonly Address[]): string | undefined {
  const { up, carrier, address, settled, absent } = conditions;
  if (absent === true) return link === undefined ? undefined : 'it exists';
  if (link === undefined) return 'it does not exist';
  if (up !== undefined && link.up !== up) return up ? 'it is down' : 'it is up';
  if (carrier !== undefined && link.carrier !== carrier) return carrier ? 'no carrier' : 'it has a carrier';
  if (address !== undefined && !addresses.some((each) => isWanted(each, address)))
    return address === 'any' ? 'no address' : address === 'global' ? 'no global address' : `no address ${address}`;
  const tentative = settled === true ? addresses.find((each) => each.tentative) : undefined;
  return tentative === undefined ? undefined : `${tentative.address} is tentative`;
}

function isWanted({ address, family, scope }: Address, wanted: string): boolean {
  if (wanted === 'any') return true;
  if (wanted === 'global') return family === 4 ? scope === 'global' : !/^fe[89ab]|^::1\//.test(address);
  const canonical = anyCidr(wanted, 'address');
  return address === canonical || address.split('/')[0] === canonical;
}
