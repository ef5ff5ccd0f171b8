/** An expression has no form as a match or a statement: the rule is read as expressions. @internal */
export class Unreadable extends Error {}
