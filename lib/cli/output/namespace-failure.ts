import type { Output } from './output.js';
import { printable } from './printable.js';

/** Prints the failure of one of several namespaces as one line; the others continue. */
export function noteNamespaceFailure(output: Output, name: string, message: string): void {
  output.note(`rxnetlink: namespace ${printable(name)}: ${printable(message.replaceAll(/\s*\n\s*/g, '; '))}`);
}
