import { suggestion } from '../../../check/index.js';
import { TcAct } from '../../../families/tc.js';
import { FieldError } from '../../common/field-error.js';
import { shown, type Check } from '../../fields/check.js';
import type { Option } from '../../fields/option.js';

/** A verdict that is one word. @public */
export type VerdictName = 'continue' | 'pass' | 'reclassify' | 'drop' | 'pipe' | 'stolen' | 'queued' | 'repeat' | 'redirect' | 'trap';

/** TC_ACT_* by the words of tc. */
const VERDICTS: Readonly<Record<VerdictName, number>> = {
  continue: TcAct.Unspec,
  pass: TcAct.Ok,
  reclassify: TcAct.Reclassify,
  drop: TcAct.Shot,
  pipe: TcAct.Pipe,
  stolen: TcAct.Stolen,
  queued: TcAct.Queued,
  repeat: TcAct.Repeat,
  redirect: TcAct.Redirect,
  trap: TcAct.Trap,
};

/** TC_ACT_EXT_VAL_MASK (uapi/linux/pkt_cls.h): the number of a chain, or of actions to jump over. */
const EXTENDED = 0x0fff_ffff;

const JUMPS = { goto: TcAct.GotoChain, jump: TcAct.Jump } as const;

/**
 * The decision about a packet after an action, in the words of `tc`.
 *
 * `pass` accepts the packet, `pipe` runs the next action, `continue` tries the next filter, `reclassify` starts with the first filter,
 * `goto 5` continues in chain 5, `jump 2` jumps over two actions. `stolen` is the verdict of an action that took the packet.
 *
 * @public
 */
export type Verdict = VerdictName | `goto ${number}` | `jump ${number}` | number;

const NAMES = Object.keys(VERDICTS) as VerdictName[];

/** Returns the word of a verdict, or its number if it has none. @internal */
export function verdictOf(number: number): Verdict {
  const signed = number | 0;
  const name = NAMES.find((known) => VERDICTS[known] === signed);
  if (name !== undefined) return name;
  for (const word of ['goto', 'jump'] as const) if ((signed & ~EXTENDED) === JUMPS[word]) return `${word} ${signed & EXTENDED}`;
  return signed;
}

/** Returns the number of a verdict. @internal */
export function verdictNumber(verdict: Verdict): number {
  if (typeof verdict === 'number') return verdict;
  const [word = '', number] = verdict.split(' ');
  if (number !== undefined) return JUMPS[word as keyof typeof JUMPS] | Number(number);
  return VERDICTS[word as VerdictName];
}

/** Accepts a verdict. @internal */
export const verdict: Check<Verdict> = (value, path) => {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff) return verdictOf(value);
  if (typeof value === 'string') {
    if (Object.hasOwn(VERDICTS, value)) return value as Verdict;
    const [, number] = /^(?:goto|jump) (\d+)$/.exec(value) ?? [];
    if (number !== undefined && Number(number) <= EXTENDED) return value as Verdict;
  }
  const hint = typeof value === 'string' ? suggestion(value, NAMES, '; ') : '';
  throw new FieldError(path, `expected ${NAMES.map((name) => `'${name}'`).join(', ')}, 'goto N' or 'jump N', not ${shown(value)}${hint}`);
};

/** A verdict among the engine's properties. @internal */
export function verdictOption(attribute: string): Option {
  return {
    attribute,
    check: verdict,
    read: (value) => verdictOf(value as number),
    write: (value) => verdictNumber(value as Verdict),
  };
}
