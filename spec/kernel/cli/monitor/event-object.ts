/** A change as `rxnetlink monitor --json` prints it. */
export interface EventObject {
  readonly type: string;
  readonly topic: string;
  readonly operation: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly created?: true;
}
