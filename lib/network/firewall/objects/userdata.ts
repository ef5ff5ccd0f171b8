import { hostIsLittleEndian } from '../../../wire/index.js';

/**
 * User data of nftables: what the program `nft` needs to print an object, which the kernel only stores. A list of a type, a length
 * (one byte each) and a value; texts end in NUL, numbers have four bytes in the order of the host.
 *
 * @internal
 */
export type Userdata = ReadonlyMap<number, Uint8Array>;

/** The types of user data (`NFTNL_UDATA_*` of libnftnl). @internal */
export const UserdataType = {
  Comment: 0,
  SetKeyOrder: 0,
  SetDataOrder: 1,
  SetMerge: 2,
  SetKeyTypeof: 3,
  SetDataTypeof: 4,
  SetDataInterval: 6,
  SetComment: 7,
} as const;

/** Reads user data; the rest after a wrong length is ignored. @internal */
export function readUserdata(bytes: Uint8Array | undefined): Userdata {
  const entries = new Map<number, Uint8Array>();
  if (bytes === undefined) return entries;
  for (let at = 0; at + 2 <= bytes.length; at += 2 + bytes[at + 1]!) {
    const value = bytes.subarray(at + 2, at + 2 + bytes[at + 1]!);
    if (value.length < bytes[at + 1]!) break;
    entries.set(bytes[at]!, value);
  }
  return entries;
}

/** Writes user data; undefined if there is none. @internal */
export function writeUserdata(entries: Userdata): Uint8Array | undefined {
  if (entries.size === 0) return undefined;
  return Buffer.concat([...entries].flatMap(([type, value]) => [Buffer.from([type, value.length]), value]));
}

/** Returns a text as a value of user data. @internal */
export function textValue(text: string): Uint8Array {
  return Buffer.from(`${text}\0`);
}

/** Returns a number as a value of user data. @internal */
export function numberValue(number: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  if (hostIsLittleEndian) bytes.writeUInt32LE(number);
  else bytes.writeUInt32BE(number);
  return bytes;
}

/** Returns the text of an entry; undefined if it is absent. @internal */
export function textOf(userdata: Userdata, type: number): string | undefined {
  const value = userdata.get(type);
  if (value === undefined) return undefined;
  const end = value.indexOf(0);
  return Buffer.from(end < 0 ? value : value.subarray(0, end)).toString();
}

/** Returns the number of an entry; undefined if it is absent. @internal */
export function numberOf(userdata: Userdata, type: number): number | undefined {
  const value = userdata.get(type);
  if (value?.length !== 4) return undefined;
  const bytes = Buffer.from(value);
  return hostIsLittleEndian ? bytes.readUInt32LE() : bytes.readUInt32BE();
}

/** Returns the comment of a table, a chain, a rule, an object or an element. @internal */
export function commentOf(bytes: Uint8Array | undefined): string | undefined {
  return textOf(readUserdata(bytes), UserdataType.Comment);
}

/** Returns the user data of a table, a chain, a rule, an object or an element: its comment. @internal */
export function commentUserdata(comment: string | undefined): { readonly userdata?: Uint8Array } {
  if (comment === undefined) return {};
  return { userdata: writeUserdata(new Map([[UserdataType.Comment, textValue(comment)]]))! };
}
