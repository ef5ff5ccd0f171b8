/** Returns the fault of a report: it is missing, or it counts nothing. Undefined if there is none. */
export function reportFault(file: string): string | undefined;
