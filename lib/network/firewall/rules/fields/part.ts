import type { PayloadBase } from '../../../../families/nftables.js';
import type { DataType } from '../../data/data-type.js';
import type { Selector } from '../expression.js';
import type { RuleExpression } from '../rule-context.js';
import type { TunnelName } from './field-names.js';

/** Bytes of a header. @internal */
export interface HeaderBytes {
  readonly base: PayloadBase;
  readonly offset: number;
  readonly len: number;
}

/** A part of a packet, or of what the kernel knows of it, that one expression loads into a register. @internal */
export interface Part {
  /** The name in the short form: `tcp.dport`. */
  readonly name: string;
  readonly type: DataType;
  /** Bits on the right of the value, of a field that does not end with a byte. */
  readonly shift: number;
  /** Bits of the field in the loaded bytes; undefined if it fills them. */
  readonly mask?: Buffer;
  /** The bytes to load; undefined if the part is not in a header. */
  readonly header?: HeaderBytes;
  /** The protocol of the header. */
  readonly protocol?: string;
  /** The selector of libnftables-json, if the name does not give it. */
  readonly selector?: Selector;
  /** The tunnel in whose inner packet the part is. */
  readonly tunnel?: TunnelName;
  /** The parts from which the value is computed: those of a hash. They are loaded first, into registers of their own. */
  readonly input?: readonly Part[];
  /** Returns the expression that loads the part; `sreg` is the first register of its input. */
  readonly load: (dreg: number, sreg?: number) => RuleExpression;
}

/** Moves a value to the place of its field in the loaded bytes. @internal */
export function placed({ shift, mask }: Pick<Part, 'shift' | 'mask'>, value: Buffer): Buffer {
  if (mask === undefined) return value;
  const number = BigInt(`0x${value.toString('hex')}`) << BigInt(shift);
  return Buffer.from(number.toString(16).padStart(2 * mask.length, '0'), 'hex');
}

/** Moves a value from the place of its field. @internal */
export function unplaced({ shift, mask, type }: Pick<Part, 'shift' | 'mask' | 'type'>, value: Uint8Array): Buffer {
  if (mask === undefined) return Buffer.from(value);
  const number = BigInt(`0x${Buffer.from(value).toString('hex')}`) >> BigInt(shift);
  return Buffer.from(
    number
      .toString(16)
      .padStart(2 * type.bytes, '0')
      .slice(-2 * type.bytes),
    'hex',
  );
}
