import { kindOf } from '../../check/index.js';
import { NetworkError } from '../common/network-error.js';

/** The units of a quantity. @internal */
export interface Quantity {
  /** The quantity in an error text. */
  readonly noun: string;
  /** The value of each unit. */
  readonly units: Readonly<Record<string, number>>;
  /** A valid text, for errors. */
  readonly example: string;
  /** The largest valid value. */
  readonly most?: number;
  /** Returns the reason why a unit is ambiguous. */
  readonly ambiguous?: (unit: string) => string | undefined;
}

/** A number and a unit, without a blank and in lower case. */
const FORM = /^(\d+(?:\.\d+)?)([a-z%]*)$/;

/** Returns the end of an error text: the text in the right form, or an example. */
function remedy(text: string, units: Quantity['units'], example: string): string {
  const plain = text.toLowerCase().replaceAll(/\s/g, '');
  const unit = FORM.exec(plain)?.[2];
  return unit !== undefined && Object.hasOwn(units, unit) ? `; write '${plain}'` : `, such as ${example}`;
}

/** Parses a number with a unit. @throws NetworkError with reason `invalid`. @internal */
export function readUnit(text: string, { noun, units, example, most = Number.MAX_SAFE_INTEGER, ambiguous }: Quantity): number {
  const fail = (problem: string): never => {
    throw new NetworkError({ reason: 'invalid', verb: 'parse', subject: noun, text: problem });
  };
  if (typeof text !== 'string') return fail(`expected text with a unit such as ${example}, not ${kindOf(text)}`);
  const [, digits, unit] = FORM.exec(text) ?? [];
  if (digits === undefined || unit === undefined) {
    const names = Object.keys(units).join(', ');
    return fail(`'${text}' is not a ${noun}; expected a number and a unit (${names})${remedy(text, units, example)}`);
  }
  if (!Object.hasOwn(units, unit)) {
    const reason = ambiguous?.(unit);
    return fail(
      reason === undefined
        ? `'${text}' has ${unit === '' ? 'no unit' : `the unit '${unit}'`}; expected ${Object.keys(units).join(', ')}, such as ${example}`
        : `'${text}' is ambiguous: ${reason}`,
    );
  }
  // The product of a decimal fraction and a unit may be off by one in its last digit.
  const value = Number((Number(digits) * units[unit]!).toPrecision(15));
  return value > most ? fail(`'${text}' is out of range`) : value;
}
