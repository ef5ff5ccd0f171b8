import { FieldError } from '../../../../common/field-error.js';
import { boolean, integer, shown, text } from '../../../../fields/check.js';
import { OBJECT_KINDS } from '../../map-data.js';
import type { ObjectKindName } from '../../rule-context.js';
import { bodyOf } from '../body.js';
import type { RuleProgram } from '../program.js';
import { loadKey, onlyEntry } from '../value.js';

const objectName = text(255);

/** The flag of an inverted number of connections (`NFT_CONNLIMIT_F_INV`). */
const INVERTED = 1;

/** Returns true if the body of a statement names an object, or looks it up in a map. @internal */
export function namesObject(body: unknown): boolean {
  return typeof body === 'string' || onlyEntry(body)[0] === 'map';
}

/** Compiles the use of an object with a name, or of the object to which a map leads. @throws FieldError @internal */
export function useObject(program: RuleProgram, kind: ObjectKindName, body: unknown, path: string): void {
  const [only, map] = onlyEntry(body);
  if (only !== 'map') {
    program.emit({ name: 'objref', data: { immType: OBJECT_KINDS[kind], immName: objectName(body, path) } });
    return;
  }
  const { key, data } = bodyOf(map, `${path}.map`, ['key', 'data']);
  if (key === undefined || data === undefined) throw new FieldError(`${path}.map`, `expected { key, data }, not ${shown(map)}`);
  const { set, sreg, ...id } = loadKey(program, key, data, { object: kind }, `${path}.map`);
  program.emit({ name: 'objref', data: { setSreg: sreg, setName: set, ...id } });
}

/** Compiles `ct count`: matches up to a number of connections, or beyond it with `inv`. @internal */
export function connectionCount(program: RuleProgram, body: unknown, path: string): void {
  const { val, inv = false } = bodyOf(body, path, ['val', 'inv']);
  const count = integer(0, 0xffff_ffff)(val, `${path}.val`);
  program.emit({ name: 'connlimit', data: { count, ...(boolean(inv, `${path}.inv`) ? { flags: INVERTED } : {}) } });
}

/** Compiles `last`: the time of the last packet. */
export function last(program: RuleProgram, body: unknown, path: string): void {
  bodyOf(body, path, ['used']);
  program.emit({ name: 'last', data: {} });
}
