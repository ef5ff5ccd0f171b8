import { word } from '../../fields/check.js';
import type { Option, OptionFlags } from '../../fields/option.js';

/** The EtherType of VLAN tags. @public */
export type VlanProtocol = '802.1q' | '802.1ad' | number;

const ENGINE: Readonly<Record<string, string>> = { '802.1q': '8021q', '802.1ad': '8021ad' };

/** Returns the option of a VLAN protocol. @internal */
export function vlanProtocolOption(attribute: string, flags: OptionFlags = {}): Option {
  return {
    attribute,
    check: word(['802.1q', '802.1ad'], 0xffff),
    read: (value) => Object.keys(ENGINE).find((name) => ENGINE[name] === value) ?? value,
    write: (value) => (typeof value === 'string' ? ENGINE[value] : value),
    ...flags,
  };
}
