import { FieldError } from '../../../../common/field-error.js';
import { headerWrite } from '../../fields/header-write.js';
import { placed, type Part } from '../../fields/part.js';
import { loadHeader } from '../../fields/payload-part.js';
import { requireProtocol } from '../dependencies.js';
import { readOperand, type Operand } from '../operand.js';
import type { RuleProgram } from '../program.js';
import { loadValue, onlyEntry } from '../value.js';

/** Compiles the write of a field of a header. @throws FieldError @internal */
export function writeHeader(program: RuleProgram, part: Part, value: unknown, path: string): void {
  if (part.tunnel !== undefined) throw new FieldError(path, 'the kernel does not write into the packets of a tunnel');
  requireProtocol(program, part, path);
  const { header, mask, shift, checksums } = headerWrite(part);
  const { base, offset, len } = header;
  const write = (sreg: number): void => program.emit({ name: 'payload', data: { sreg, base, offset, len, ...checksums } });
  if (mask === undefined) {
    write(loadValue(program, value, part.type, path));
    return;
  }
  const bits = changedBits(part, value, path);
  const wide = (bytes: Buffer): Buffer => placed({ shift, mask }, bytes);
  const kept = wide(bits.kept);
  program.emit(loadHeader(header, 1), {
    name: 'bitwise',
    data: {
      sreg: 1,
      dreg: 1,
      len,
      op: 'mask-xor',
      mask: { value: Buffer.from(mask.map((byte, index) => (~byte & 0xff) | kept[index]!)) },
      xor: { value: wide(bits.toggled) },
    },
  });
  write(1);
}

/** Returns the bits of a field that are kept and those that are toggled; the value has the bytes of the type of the field. */
function changedBits(part: Part, value: unknown, path: string): { readonly kept: Buffer; readonly toggled: Buffer } {
  const [name] = onlyEntry(value);
  if (name === undefined) return { kept: Buffer.alloc(part.type.bytes), toggled: part.type.parse(value, path) };
  const operand = name === '&' || name === '|' || name === '^' ? readOperand(value, path) : undefined;
  if (operand?.bits === undefined || operand.parts[0]!.name !== part.name)
    throw new FieldError(
      path,
      "this field is written with its neighbours; write a constant, or an operation on the field's own bits",
      'unsupported',
    );
  return ownBits(part, operand.bits);
}

function ownBits({ mask, shift, type }: Part, bits: NonNullable<Operand['bits']>): { readonly kept: Buffer; readonly toggled: Buffer } {
  const narrow = (bytes: Buffer): Buffer => {
    const inField = mask === undefined ? bytes : Buffer.from(bytes.map((byte, index) => byte & mask[index]!));
    const number = BigInt(`0x${inField.toString('hex')}`) >> BigInt(shift);
    return Buffer.from(number.toString(16).padStart(2 * type.bytes, '0'), 'hex');
  };
  return { kept: narrow(bits.mask), toggled: narrow(bits.xor) };
}
