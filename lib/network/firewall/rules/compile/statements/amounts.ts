import { boolean, integer } from '../../../../fields/check.js';
import { bodyOf, oneOf } from '../body.js';
import { namesObject, useObject } from './objects.js';
import type { RuleProgram } from '../program.js';

/** Seconds of a period. */
const PERIODS = { second: 1n, minute: 60n, hour: 3600n, day: 86_400n, week: 604_800n } as const;

const BYTE_UNITS = { bytes: 1, kbytes: 1024, mbytes: 1024 * 1024 } as const;
const RATE_UNITS = { packets: 1, ...BYTE_UNITS } as const;

/** Packets beyond the rate, if the rule has no number. */
const DEFAULT_BURST = 5;
/** The flag of an inverted limit or quota (`NFT_LIMIT_F_INV`, `NFT_QUOTA_F_INV`). */
const INVERTED = 1;

const amount = integer(0, Number.MAX_SAFE_INTEGER);

/** Compiles `counter`. @internal */
export function counter(program: RuleProgram, body: unknown, path: string): void {
  if (namesObject(body)) {
    useObject(program, 'counter', body, path);
    return;
  }
  const { packets = 0, bytes = 0 } = bodyOf(body, path, ['packets', 'bytes']);
  program.emit({
    name: 'counter',
    data: { bytes: BigInt(amount(bytes, `${path}.bytes`)), packets: BigInt(amount(packets, `${path}.packets`)) },
  });
}

/** Compiles `limit`. @internal */
export function limit(program: RuleProgram, body: unknown, path: string): void {
  if (namesObject(body)) {
    useObject(program, 'limit', body, path);
    return;
  }
  const {
    rate,
    rate_unit: unit = 'packets',
    per = 'second',
    burst,
    burst_unit: burstUnit = unit === 'packets' ? 'packets' : 'bytes',
    inv = false,
  } = bodyOf(body, path, ['rate', 'rate_unit', 'per', 'burst', 'burst_unit', 'inv']);
  const factor = oneOf(unit, `${path}.rate_unit`, RATE_UNITS);
  const isPackets = unit === 'packets';
  const burstFactor = oneOf(burstUnit, `${path}.burst_unit`, isPackets ? { packets: 1 } : BYTE_UNITS);
  program.emit({
    name: 'limit',
    data: {
      rate: BigInt(integer(1, Number.MAX_SAFE_INTEGER)(rate, `${path}.rate`)) * BigInt(factor),
      unit: oneOf(per, `${path}.per`, PERIODS),
      burst:
        burst === undefined
          ? isPackets
            ? DEFAULT_BURST
            : 0
          : integer(0, Math.floor(0xffff_ffff / burstFactor))(burst, `${path}.burst`) * burstFactor,
      type: isPackets ? 'pkts' : 'pkt-bytes',
      flags: boolean(inv, `${path}.inv`) ? INVERTED : 0,
    },
  });
}

/** Compiles `quota`. @internal */
export function quota(program: RuleProgram, body: unknown, path: string): void {
  if (namesObject(body)) {
    useObject(program, 'quota', body, path);
    return;
  }
  const {
    val,
    val_unit: unit = 'bytes',
    used = 0,
    used_unit: usedUnit = 'bytes',
    inv = false,
  } = bodyOf(body, path, ['val', 'val_unit', 'used', 'used_unit', 'inv']);
  const bytes = (value: unknown, factor: number, place: string): bigint => BigInt(amount(value, place)) * BigInt(factor);
  program.emit({
    name: 'quota',
    data: {
      bytes: bytes(val, oneOf(unit, `${path}.val_unit`, BYTE_UNITS), `${path}.val`),
      consumed: bytes(used, oneOf(usedUnit, `${path}.used_unit`, BYTE_UNITS), `${path}.used`),
      flags: boolean(inv, `${path}.inv`) ? INVERTED : 0,
    },
  });
}
