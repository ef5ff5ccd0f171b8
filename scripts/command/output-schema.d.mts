/** Returns the text of the JSON Schema of what commands print with --json. */
export declare function outputSchemaText(): string;
