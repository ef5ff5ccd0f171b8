/** Returns the first short register of a register, which has a number or a name: 0 for `reg-1` and for `reg32-00`. @internal */
export function registerSlot(register: unknown): number | undefined {
  const [, kind, digits] = (typeof register === 'string' && /^reg(32)?-(\d+)$/.exec(register)) || [];
  const number = digits === undefined ? Number(register) : kind === undefined ? Number(digits) : Number(digits) + 8;
  if (!Number.isInteger(number) || number === 0) return undefined;
  return number < 8 ? (number - 1) * 4 : number - 8;
}
