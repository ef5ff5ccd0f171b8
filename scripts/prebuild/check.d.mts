/** Returns what is wrong with an addon's file, in sentences. */
export function faultsOf(file: string, options?: { readonly readelf?: string; readonly machine?: string | undefined }): string[];
