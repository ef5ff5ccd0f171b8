import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { evaluate } from './compile.js';
import type { HeaderNames } from './header-names.js';
import { probesOf } from './probe.js';

/** A number that differs between the descriptor and the headers. */
export interface Difference {
  readonly family: string;
  readonly subject: string;
  readonly described: string;
  /** The number of the headers, with its name there. */
  readonly found: string;
}

/** A number that has no name in the headers. */
export interface Unnamed {
  readonly family: string;
  readonly subject: string;
  readonly expression: string;
}

/** The result of comparing one family. */
export interface Comparison {
  readonly family: string;
  /** The count of numbers compared with the headers, and with the types of the running kernel if the headers lack the name. */
  readonly compared: number;
  readonly comparedWithKernel: number;
  readonly differences: readonly Difference[];
  readonly unnamed: readonly Unnamed[];
}

/** Compares a descriptor with the headers. */
export function compareWithHeaders(schema: FamilySchema, names: HeaderNames, kernel: ReadonlyMap<string, bigint>): Comparison {
  const family = schema.source;
  const probes = probesOf(schema, names);
  const expressions = probes.flatMap(({ expression, otherwise }) => [expression, otherwise ?? expression]);
  const values = evaluate(names.headers, expressions);
  const differences: Difference[] = [];
  const unnamed: Unnamed[] = [];
  const compared = { headers: 0, kernel: 0 };
  probes.forEach(({ subject, described, optional }, index) => {
    const candidates = [2 * index, 2 * index + 1].map((at) => ({ expression: expressions[at]!, value: values[at] }));
    const named = candidates.find(({ value }) => value !== undefined);
    const { expression, value } = named ?? candidates.map((candidate) => ({ ...candidate, value: kernel.get(candidate.expression) }))[0]!;
    if (value === undefined) {
      if (optional !== true) unnamed.push({ family, subject, expression });
      return;
    }
    compared[named === undefined ? 'kernel' : 'headers']++;
    if (BigInt.asUintN(64, value) === BigInt.asUintN(64, described)) return;
    differences.push({ family, subject, described: String(described), found: `${String(value)} (${expression})` });
  });
  return { family, compared: compared.headers, comparedWithKernel: compared.kernel, differences, unnamed };
}
