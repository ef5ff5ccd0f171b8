/** A place that the language check does not accept. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}
export function checkDocument(path: string, source: string): Promise<Finding[]>;
export function checkSource(path: string, source: string): Finding[];
export function checkFile(path: string, source: string): Promise<Finding[]>;
