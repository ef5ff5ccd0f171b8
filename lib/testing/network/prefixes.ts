import { addressText, parseIp } from '../../wire/index.js';

/** An IP network: a number of 32 or 128 bits, and a length. @internal */
export interface Prefix {
  readonly family: number;
  readonly number: bigint;
  readonly length: number;
}

/** AF_INET and AF_INET6. @internal */
export const INET = 2;
export const INET6 = 10;

/** Returns the number of bits of an address. @internal */
export function bitsOf(family: number): number {
  return family === INET ? 32 : 128;
}

/** Returns an address as a number. @internal */
export function numberOf(address: string): bigint {
  let number = 0n;
  for (const byte of parseIp(address)) number = (number << 8n) | BigInt(byte);
  return number;
}

/** Returns the address of a number. @internal */
export function textOf(number: bigint, family: number): string {
  const bytes = new Uint8Array(bitsOf(family) / 8);
  for (let index = bytes.length - 1, rest = number; index >= 0; index--, rest >>= 8n) bytes[index] = Number(rest & 255n);
  return addressText(bytes);
}

/** Returns a number with all bits behind the first `length` cleared. @internal */
export function masked(number: bigint, length: number, family: number): bigint {
  const rest = BigInt(bitsOf(family) - length);
  return (number >> rest) << rest;
}

/** Returns the network of an address: `10.0.0.0` for `10.0.0.1` and 24. @internal */
export function networkOf(address: string, length: number, family: number): string {
  return textOf(masked(numberOf(address), length, family), family);
}

/** Returns the last address of a network. @internal */
export function lastOf(address: string, length: number, family: number): string {
  const rest = BigInt(bitsOf(family) - length);
  return textOf(masked(numberOf(address), length, family) | ((1n << rest) - 1n), family);
}

/** Returns true if an address is in a network. @internal */
export function isWithin(address: string, network: string, length: number, family: number): boolean {
  return masked(numberOf(address), length, family) === masked(numberOf(network), length, family);
}
