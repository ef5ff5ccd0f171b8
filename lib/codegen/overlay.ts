/** An entry of a specification's list, in the specification's own words. @internal */
export type SpecEntry = Readonly<Record<string, unknown>> & { readonly name: string };

/** A format of a sub-message, in the specification's own words. @internal */
export type FormatEntry = Readonly<Record<string, unknown>> & { readonly value: string };

/**
 * One thing that a specification lacks or has wrong.
 *
 * What is added must be new, else the entry is skipped with a note: the specification has caught up. What is changed must be
 * there, else the entry is skipped with a note as well. A key that is changed to `null` goes.
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

/** A change with its evidence. @internal */
export type OverlayEntry = OverlayChange & {
  /** The uapi header that says so: `linux/if_link.h`. */
  readonly header: string;
  /** What was wrong, where that is not plain. */
  readonly reason?: string;
};

/** What the generator adds to, and corrects in, one specification. @internal */
export interface Overlay {
  /** The specification's file without `.yaml`. */
  readonly source: string;
  readonly entries: readonly OverlayEntry[];
}
