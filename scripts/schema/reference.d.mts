/** The file, from the root of the project. */
export const REFERENCE_FILE: string;
/** Returns the text of the page. @param schema - The JSON Schema of documents. */
export function referenceText(schema: object): Promise<string>;
