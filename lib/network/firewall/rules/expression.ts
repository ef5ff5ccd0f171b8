import type { Verdict } from '../data/verdict.js';
import type { RawBase } from './fields/field-names.js';
import type { OptionSelector } from './fields/field-names.js';
import type { TunnelName } from './fields/field-names.js';

/** A single value: a number, a name, an address, or text such as `'1024-2048'` and `'@set'`. @public */
export type Scalar = string | number | boolean;

/** A part of the value of a packet, in the form of libnftables-json(5). @public */
export type Selector =
  | {
      readonly payload:
        | { readonly protocol: string; readonly field: string }
        | { readonly tunnel: TunnelName; readonly protocol: string; readonly field: string }
        | { readonly base: RawBase; readonly offset: number; readonly len: number };
    }
  | { readonly meta: { readonly key: string } }
  | { readonly ct: { readonly key: string; readonly dir?: 'original' | 'reply'; readonly family?: 'ip' | 'ip6' } }
  | { readonly fib: { readonly result: 'oif' | 'oifname' | 'type' | 'check'; readonly flags: string | readonly string[] } }
  | { readonly rt: { readonly key: 'classid' | 'nexthop' | 'mtu' | 'ipsec'; readonly family?: 'ip' | 'ip6' } }
  | { readonly socket: { readonly key: 'transparent' | 'mark' | 'wildcard' } }
  | { readonly numgen: { readonly mode: 'inc' | 'random'; readonly mod: number; readonly offset?: number } }
  | { readonly symhash: { readonly mod: number; readonly offset?: number } }
  | { readonly jhash: { readonly mod: number; readonly seed?: number; readonly offset?: number; readonly expr: Expression } }
  | { readonly 'tcp option': OptionField | { readonly base: number; readonly offset: number; readonly len: number } }
  | { readonly [K in Exclude<OptionSelector, 'tcp option'>]: { readonly [P in K]: OptionField } }[Exclude<OptionSelector, 'tcp option'>]
  | { readonly osf: { readonly key: 'name' | 'version'; readonly ttl?: 'loose' | 'skip' } }
  | {
      readonly ipsec: {
        readonly key: 'reqid' | 'spi' | 'saddr' | 'daddr';
        readonly family?: 'ip' | 'ip6';
        readonly dir: 'in' | 'out';
        readonly spnum?: number;
      };
    };

/** A field of an option or an extension header; without a field, a test whether it is there. @public */
export interface OptionField {
  /** The option: `'maxseg'`, `'frag'`. */
  readonly name: string;
  /** Its field: `'size'`. */
  readonly field?: string;
}

/** An element of an anonymous set or map. @public */
export type SetItem = Expression | readonly [Expression, Expression | Exclude<Verdict, string> | VerdictObject];

/** A verdict as `nft -j` prints it. @public */
export type VerdictObject =
  | { readonly accept: null }
  | { readonly drop: null }
  | { readonly continue: null }
  | { readonly return: null }
  | { readonly jump: { readonly target: string } }
  | { readonly goto: { readonly target: string } };

/** A value of a rule, in the form of libnftables-json(5). @public */
export type Expression =
  | Scalar
  | Selector
  | readonly Expression[]
  | { readonly concat: readonly Expression[] }
  | { readonly set: Expression | readonly SetItem[] }
  | { readonly map: { readonly key: Expression; readonly data: Expression } }
  | { readonly prefix: { readonly addr: Expression; readonly len: number } }
  | { readonly range: readonly [Expression, Expression] }
  | { readonly '&': readonly [Expression, Expression] }
  | { readonly '|': readonly Expression[] }
  | { readonly '^': readonly [Expression, Expression] };
