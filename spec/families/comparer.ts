import type { FamilySchema } from '../../lib/schema/index.js';
import type { LinkNames } from './compare/link-names.js';
import type { Fixture } from './fixture.js';
import type { Answer, OldRequest } from './play.js';

/** A capture to compare: the output of a tool, and the values that the library decodes from the same bytes. */
export interface Scene {
  readonly fixture: Fixture;
  /** The tool's command line. */
  readonly command: string;
  /** The output of the tool, as JSON. */
  readonly shown: unknown;
  /** The requests to the family in order, each with its replies. */
  readonly answers: readonly Answer[];
  /** The events for one socket, in order. */
  readonly events: readonly object[];
  /** The kernel's names of these events. */
  readonly eventNames: readonly string[];
  /** The names of the interfaces in the capture. */
  readonly links: LinkNames;
}

/** Compares a family with independent tools; the module `compare/<family>.ts` exports one as `comparer`. */
export interface FamilyComparer {
  readonly schema: FamilySchema;
  /** A request that its tools send in another form than the client. */
  readonly old?: OldRequest;
  /** Throws if a value differs, or if the tool shows a value that has no counterpart. */
  readonly compare: (scene: Scene) => void;
}
