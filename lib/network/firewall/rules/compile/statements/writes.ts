import { FieldError } from '../../../../common/field-error.js';
import { shown } from '../../../../fields/check.js';
import { dataType } from '../../../data/data-types.js';
import { optionPart } from '../../fields/parts/option-part.js';
import { selectedPart } from '../../fields/select-part.js';
import type { RuleExpression } from '../../rule-context.js';
import { bodyOf } from '../body.js';
import type { RuleProgram } from '../program.js';
import { loadValue, lookUp } from '../value.js';
import { writeHeader } from './write-header.js';

/** Compiles `mangle`: a property of the packet or of its connection gets a value. @internal */
export function mangle(program: RuleProgram, body: unknown, path: string): void {
  const { key, value } = bodyOf(body, path, ['key', 'value']);
  const part = typeof key === 'object' && key !== null ? selectedPart(key, `${path}.key`) : undefined;
  if (part === undefined) throw new FieldError(`${path}.key`, `expected a field such as { meta: { key: 'mark' } }, not ${shown(key)}`);
  if (part.header !== undefined) {
    writeHeader(program, part, value, `${path}.value`);
    return;
  }
  const { name, data } = part.load(0);
  const { dreg: _, ...target } = data as { readonly dreg?: number; readonly op?: string; readonly flags?: number };
  const isOption = name === 'exthdr' && target.op === 'tcpopt' && target.flags === undefined && part.mask === undefined;
  if (name !== 'meta' && name !== 'ct' && !isOption)
    throw new FieldError(`${path}.key`, 'the kernel writes headers, meta, ct, and whole fields of options of TCP only');
  const sreg = loadValue(program, value, part.type, `${path}.value`);
  program.emit({ name, data: { ...target, sreg } } as RuleExpression);
}

/** Compiles `reset`: an option of TCP is overwritten with padding. @internal */
export function reset(program: RuleProgram, body: unknown, path: string): void {
  const { 'tcp option': option } = bodyOf(body, path, ['tcp option']);
  const inner = `${path}.tcp option`;
  const { type, op } = optionPart('tcp option', bodyOf(option ?? {}, inner, ['name', 'base', 'offset', 'len']), inner).load(0).data as {
    readonly type: number;
    readonly op: 'tcpopt';
  };
  program.emit({ name: 'exthdr', data: { type, op } });
}

/** Compiles `{ mark: 5 }`. @internal */
export function mark(program: RuleProgram, body: unknown, path: string): void {
  const sreg = loadValue(program, body, dataType('mark'), path);
  program.emit({ name: 'meta', data: { key: 'mark', sreg } });
}

/** Compiles `{ 'ct mark': 5 }`. @internal */
export function ctMark(program: RuleProgram, body: unknown, path: string): void {
  const sreg = loadValue(program, body, dataType('mark'), path);
  program.emit({ name: 'ct', data: { key: 'mark', sreg } });
}

/** Compiles `vmap`. @internal */
export function vmap(program: RuleProgram, body: unknown, path: string): void {
  const { key, data } = bodyOf(body, path, ['key', 'data']);
  lookUp(program, key, data, 'verdict', path, 0);
}
