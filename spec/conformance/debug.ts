import { expect } from 'chai';
import { messageBox } from '../../lib/wire/index.js';
import { fromHex, type Vector, type VectorHeader } from './vector.js';

interface DebugVector extends Vector {
  readonly header: VectorHeader;
  readonly dataHex?: string;
  readonly expected: string | { readonly text: string };
}

/** Checks a case of debug.json. The messages are nftables', with its header of four bytes. */
export function checkDebug(vector: Vector): void {
  const { header, dataHex = '', expected } = vector as DebugVector;
  const { pid, ...rest } = header;
  const text = messageBox({ ...rest, portId: pid, payload: fromHex(dataHex) }, { fixedHeaderSize: 4 });
  const wanted = typeof expected === 'string' ? expected : expected.text;
  // Only the characters of bytes that are not ASCII may differ.
  const isAscii = (character: string): boolean => character < '\u0080';
  expect(text).to.equal([...wanted].map((character) => (isAscii(character) ? character : ' ')).join(''));
}
