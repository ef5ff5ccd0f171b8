import { suggestion } from '../../../check/index.js';
import { hostIsLittleEndian } from '../../../wire/index.js';
import { type EncodeContext, type IntegerWriter, type ValueEncoder, show } from '../encode-context.js';
import type { EnumNames } from '../enum-names.js';
import type { CheckSchema } from '../value-fields.js';
import type { IntegerShape } from './integer-shape.js';

/** Makes the encoder that appends an integer of fixed width. @internal */
export function integerEncoder(shape: IntegerShape, checks: CheckSchema | undefined): ValueEncoder {
  const write = integerWriter(shape, checks);
  return (context, value) => {
    write(context, context.writer.append(shape.width), value);
  };
}

/**
 * Makes the function that writes an integer of fixed width: a name of its enum, or a number in its range.
 *
 * @param offset - The distance from the position that the function gets.
 * @internal
 */
export function integerWriter(shape: IntegerShape, checks: CheckSchema | undefined, offset = 0): IntegerWriter {
  const littleEndian = hostIsLittleEndian !== shape.swapped;
  const { width, signed, names } = shape;
  if (width === 8) {
    const [least, most] = signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
    return (context, start, given) => {
      const value = longValue(context, given, names, least, most);
      checkLimits(context, value, checks);
      context.writer.view.setBigUint64(start + offset, BigInt.asUintN(64, value), littleEndian);
    };
  }
  const most = 2 ** (8 * width - (signed ? 1 : 0)) - 1;
  const least = signed ? -most - 1 : 0;
  return (context, start, given) => {
    const value = typeof given === 'string' ? Number(namedValue(context, given, names)) : given;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      return context.fail(`${show(given)} is not an integer from ${least} to ${most}`);
    }
    if (checks !== undefined) checkLimits(context, value, checks);
    const { view } = context.writer;
    const at = start + offset;
    if (width === 4) view.setUint32(at, value, littleEndian);
    else if (width === 2) view.setUint16(at, value, littleEndian);
    else view.setUint8(at, value);
  };
}

/** Returns a wide integer: a name of its enum, a bigint, or a safe integer. @internal */
export function longValue(context: EncodeContext, given: unknown, names: EnumNames | undefined, least: bigint, most: bigint): bigint {
  let value: unknown = given;
  if (typeof given === 'string') value = BigInt(namedValue(context, given, names));
  else if (typeof given === 'number' && Number.isSafeInteger(given)) value = BigInt(given);
  if (typeof value === 'bigint' && value >= least && value <= most) return value;
  return context.fail(`${show(given)} is not a bigint from ${least} to ${most}`);
}

function namedValue(context: EncodeContext, given: string, names: EnumNames | undefined): number | bigint {
  if (names === undefined) return context.fail(`${show(given)} is not a number`);
  return names.value(given) ?? context.fail(`'${given}' is not in ${names.name}${suggestion(given, names.names(), ': ')}`);
}

/** Checks a number against the limits of its schema. @internal */
export function checkLimits(context: EncodeContext, value: number | bigint, checks: CheckSchema | undefined): void {
  if (checks === undefined) return;
  const { min, max, flagsMask } = checks;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    context.fail(
      `${value} is out of range: ${min === undefined ? '' : `at least ${min}`}${min !== undefined && max !== undefined ? ', ' : ''}${max === undefined ? '' : `at most ${max}`}`,
    );
  }
  if (flagsMask !== undefined && (BigInt(value) & ~BigInt(flagsMask)) !== 0n) {
    context.fail(`${value} has bits that are not in 0x${flagsMask.toString(16)}`);
  }
}
