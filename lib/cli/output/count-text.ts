/** Returns a number with its noun: `1 change`, `2 changes`. */
export function countText(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
