export const MOST_FILES: number;
export const MOST_LINES: number;
export function checkFolders(paths: readonly string[], exceptions?: Readonly<Record<string, string>>): string[];
export function checkText(path: string, source: string): string[];
