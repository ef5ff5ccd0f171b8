/** The option of `lastValueFrom` for lists: without a value the list is empty. */
export const NOTHING: { readonly defaultValue: readonly never[] } = { defaultValue: [] };
