/** The file, from the root of the project. */
export const SCHEMA_FILE: string;

/** Returns the text of the schema file. */
export function schemaText(): string;
