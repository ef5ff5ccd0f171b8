/** Module and kernel option by kind; most modules and options are named after the kind. @internal */
export type Modules = Readonly<Record<string, readonly [module: string | undefined, option: string]>>;

/** The rule for a kind that a request names and the kernel may lack. @internal */
export interface KindRule {
  /** The kernel's error code then, with this message or at an attribute of this path; an empty path if the kernel names no attribute. */
  readonly code: string;
  readonly message?: string;
  readonly path?: RegExp;
  /** The operation; if omitted, all operations. */
  readonly operation?: string;
  readonly noun: string;
  /** Path of the kind in the request, or a function that finds it; if omitted, the name of the list item that the kernel rejected. */
  readonly at?: string | ((request: object) => unknown);
  /** Kinds that are never missing. */
  readonly present?: ReadonlySet<string>;
  /** Returns the alias with which the kernel requests the module. */
  readonly alias: (kind: string, request: object) => string;
  /** The modules by their kinds; those of one address family by its number and the kind. */
  readonly modules: Modules;
}

/** Creates the table of modules whose name and option are a prefix and the kind. @internal */
export function named(prefix: string, option: string, kinds: string): Modules {
  return Object.fromEntries(kinds.split(' ').map((kind) => [kind, [`${prefix}${kind}`, `${option}${kind.toUpperCase()}`]]));
}
