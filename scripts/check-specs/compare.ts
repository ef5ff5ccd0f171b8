import type { FamilySchema } from '../../lib/schema/descriptor.js';
import { evaluate } from './compile.js';
import type { HeaderNames } from './header-names.js';
import { probesOf } from './probe.js';

/** A number that is one thing in the descriptor and another in the headers. */
export interface Difference {
  readonly family: string;
  readonly subject: string;
  readonly described: string;
  /** What the other side says, and how it calls it. */
  readonly found: string;
}

/** Something that the headers have no name for. */
export interface Unnamed {
  readonly family: string;
  readonly subject: string;
  readonly expression: string;
}

/** What the comparison of one family said. */
export interface Comparison {
  readonly family: string;
  /** Numbers that were compared with the headers, and with the running kernel's own types where the headers know no such name. */
  readonly compared: number;
  readonly comparedWithKernel: number;
  readonly differences: readonly Difference[];
  readonly unnamed: readonly Unnamed[];
}

/** Compares a descriptor with the headers. */
export function compareWithHeaders(schema: FamilySchema, names: HeaderNames, kernel: ReadonlyMap<string, bigint>): Comparison {
  const family = schema.source;
  const probes = probesOf(schema, names);
  const values = evaluate(
    names.headers,
    probes.map(({ expression }) => expression),
  );
  const differences: Difference[] = [];
  const unnamed: Unnamed[] = [];
  let comparedWithKernel = 0;
  probes.forEach(({ subject, described, expression, optional }, index) => {
    const value = values[index] ?? kernel.get(expression);
    if (value === undefined) {
      if (optional !== true) unnamed.push({ family, subject, expression });
      return;
    }
    if (values[index] === undefined) comparedWithKernel++;
    if (BigInt.asUintN(64, value) === BigInt.asUintN(64, described)) return;
    differences.push({ family, subject, described: String(described), found: `${String(value)} (${expression})` });
  });
  const missing = probes.filter(
    ({ expression, optional }, index) => optional === true && values[index] === undefined && !kernel.has(expression),
  );
  const compared = probes.length - unnamed.length - missing.length - comparedWithKernel;
  return { family, compared, comparedWithKernel, differences, unnamed };
}
