/** An entry of a list in a specification, in the form of the YAML. @internal */
export type SpecEntry = Readonly<Record<string, unknown>> & { readonly name: string };

/** A format of a sub-message, in the form of the YAML. @internal */
export type FormatEntry = Readonly<Record<string, unknown>> & { readonly value: string };

/**
 * One correction of a specification.
 *
 * An addition is skipped with a note if the specification already has the entry: a newer kernel corrected it. A change is skipped
 * with a note if the entry does not exist. A key that is changed to `null` is removed.
 *
 * @internal
 */
export type OverlayChange =
  | { readonly addDefinitions: readonly SpecEntry[] }
  | { readonly addSets: readonly SpecEntry[] }
  | { readonly addAttributes: readonly SpecEntry[]; readonly set: string }
  | { readonly addSubMessages: readonly SpecEntry[] }
  | { readonly addFormats: readonly FormatEntry[]; readonly subMessage: string }
  | { readonly addOperations: readonly SpecEntry[] }
  | { readonly addGroups: readonly SpecEntry[] }
  | { readonly addObjects: readonly SpecEntry[] }
  | { readonly changeDefinition: string; readonly to: Readonly<Record<string, unknown>> }
  | { readonly changeAttribute: string; readonly set: string; readonly to: Readonly<Record<string, unknown>> }
  | { readonly changeMember: string; readonly struct: string; readonly to: Readonly<Record<string, unknown>> }
  | { readonly changeFormat: string; readonly subMessage: string; readonly to: Readonly<Record<string, unknown>> }
  | { readonly changeOperation: string; readonly to: Readonly<Record<string, unknown>> }
  | { readonly changeGroup: string; readonly to: Readonly<Record<string, unknown>> }
  | { readonly changeOperations: Readonly<Record<string, unknown>> };

/** A change with its source. @internal */
export type OverlayEntry = OverlayChange & {
  /** The uapi header that it follows, e.g. `linux/if_link.h`. */
  readonly header: string;
  /** The reason, if it is not obvious. */
  readonly reason?: string;
};

/** The additions to and corrections of one specification. @internal */
export interface Overlay {
  /** The name of the file without `.yaml`. */
  readonly source: string;
  readonly entries: readonly OverlayEntry[];
}
