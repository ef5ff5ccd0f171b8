import type { VerbOptions } from '../tables/verbs.js';

/** A named network namespace. @public */
export interface Namespace {
  /** The name: that of the file in the directory. */
  readonly name: string;
  /** The path, for option `netns`. */
  readonly path: string;
  /** The inode number, which two names of one namespace share. */
  readonly inode: number;
}

/** Options of readers of namespaces. @public */
export interface NamespaceOptions {
  /**
   * The directory of the names; Docker keeps its own in `/run/docker/netns`. Readers need one that exists, except for the default.
   * @defaultValue `'/run/netns'`
   */
  readonly directory?: string;
}

/** Options of verbs that write names of namespaces. @public */
export interface NamespaceVerbOptions extends NamespaceOptions, VerbOptions {}

/** The directory of `ip netns`. @internal */
export const DIRECTORY = '/run/netns';
