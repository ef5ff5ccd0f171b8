import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { isNetworkError, network, type NetworkDocument } from '../../../../lib/network/index.js';
import { fakeNetwork } from '../../../../lib/testing/index.js';
import { propertiesOf, fieldsOf, type Field, type Schema } from './schema-fields.js';

/** Values that are wrong, by the JSON type that they have. */
const OF_TYPE: Readonly<Record<string, unknown>> = {
  boolean: true,
  number: 7,
  string: 'no such word',
  null: null,
  array: [[]],
  object: {},
};

/** Numbers that the kernel would truncate, mask or round, or that no attribute holds. */
const NUMBERS: readonly number[] = [NaN, Infinity, -1, 0.5, 2 ** 53, 2 ** 64];

/** Texts that C functions would cut, and that no attribute holds. */
const TEXTS: readonly string[] = ['a\0b', '', 'x'.repeat(70_000)];

/** Fields with wrong values that are accepted, and the reason. A field is a pattern of its name. */
const ACCEPTED: readonly (readonly [fields: RegExp, values: readonly unknown[] | 'all', reason: string])[] = [
  [
    /^(BondPort\.priority|NetemOptions\.distribution\[\]|CakeOptions\.overhead|MacvlanOptions\.broadcastCutoff|Flowtable\.priority)$/,
    [-1],
    'may be negative',
  ],
  [
    /^ServiceCurve\.firstTime$|^(Cake|Codel|Fq|FqCodel|FqPie|Netem|Pie|Tbf)Options\.|^NetemSlot\.|ct\.expiration$/,
    [0.5],
    'is a time that the kernel has in microseconds or less',
  ],
  [/^FilterOfTree\.actions\[\]\.(exceed|conform)$/, [-1], 'is TC_ACT_UNSPEC'],
  [/^NetworkDocument\.\$schema$/, TEXTS, 'is for editors'],
  [/^(Document(Route|Rule)\.table|Ownership\.tables\[\])$/, TEXTS, 'may be the name of a VRF; plan names one that does not exist'],
  [/\.(jump|goto)(\.target)?$/, [TEXTS[0], TEXTS[2]], 'is the name of a chain; plan names one that does not exist'],
  [
    /^(BridgePort\.state|ActionStatistics\..*|FilterOfTree\.actions\[\]\.statistics|RouteHop\.(dead|linkDown)|AmtOptions\.remote|BondOptions\.active)$/,
    'all',
    'is read only, and ignored',
  ],
  [/^BridgeOptions\.(rootId|bridgeId|rootPort|rootPathCost|topologyChange)$/, 'all', 'is read only, and ignored'],
  [/^WireguardOptions\.(publicKey|peers\[\]\.(linkIndex|lastHandshake|bytes\w+))$/, 'all', 'is read only, and ignored'],
  [/^QdiscTree\.(clsact|ingress)$/, 'all', 'is refused with the kind, which is that of another property'],
  [/\.(last|notrack)$/, 'all', 'has no settings'],
  [
    /^FilterOfTree\.(actions\[\]\.)?options$|^ExpressionSet\.(set|elements\[\])$|^FirewallObject\.data$/,
    'all',
    'has the words of the engine',
  ],
];

/** The parts of a firewall whose values have a meaning together only: an error names the part, or a value in it. */
const PART =
  /^firewall\.tables\[0\]\.(?:chains\[0\]\.rules\[0\]\.(?:when|then|sets|expressions)|(?:sets|maps)\[0\]\.(?:type|data|elements))(?:\[0\])?(?=[.[]|$)/;

const partOf = (path: string): string | undefined => PART.exec(path)?.[0];

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Returns true if a form accepts values of a JSON type, judged by the type alone. */
function accepts({ type, const: only, enum: several, anyOf: _, ...rest }: Schema, name: string): boolean {
  if (type !== undefined) return type === name;
  const values = only === undefined ? several : [only];
  if (values !== undefined) return values.some((value) => (value === null ? 'null' : typeof value) === name);
  return rest.properties === undefined;
}

/** Returns the values that a field must refuse. */
function wrongValues({ forms }: Field): readonly unknown[] {
  const has = (type: string): boolean => forms.some((form) => accepts(form, type));
  const values = Object.entries(OF_TYPE).flatMap(([type, value]) => (has(type) ? [] : [value]));
  if (has('number')) values.push(...NUMBERS);
  if (has('string')) values.push(...TEXTS);
  if (has('object')) values.push({ nonsense: 1 });
  return values;
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value).slice(0, 20));

describe('a document with one wrong value', function () {
  // Thousands of documents are checked.
  this.timeout(240_000);
  const fields = fieldsOf();
  const kernel = fakeNetwork();
  const net = network(kernel.options);
  after(() => net.close());

  /** Returns the path of the error of a plan; undefined if the document was accepted so far that the kernel was asked. */
  async function errorPath(document: unknown): Promise<string | undefined> {
    const before = kernel.requests.length;
    const error: unknown = await firstValueFrom(net.plan(document as NetworkDocument)).catch((reason: unknown) => reason);
    if (kernel.requests.length > before) return undefined;
    if (!isNetworkError(error)) throw error ?? new Error('the document was accepted, and nothing was asked');
    return error.path;
  }

  it('has a place for every property of the JSON Schema', function () {
    const properties = propertiesOf();
    const missing = [...properties].filter((name) => !fields.some((field) => field.name === name));
    expect(missing).to.deep.equal([]);
    process.stdout.write(`      ${fields.length} fields, ${properties.size} of them properties of the schema\n`);
  });

  for (const [group, ofGroup] of groupOf(fields))
    it(`is refused with its path, and nothing is sent: ${group}`, async () => {
      const wrong: string[] = [];
      for (const field of ofGroup) {
        const known = ACCEPTED.filter(([pattern]) => pattern.test(field.name));
        for (const value of wrongValues(field)) {
          const isKnown = known.some(([, values]) => values === 'all' || values.includes(value));
          const found = await errorPath(field.documentWith(value));
          const isRight =
            found === field.path ||
            (isObject(value) && (found?.startsWith(`${field.path}.`) === true || found?.startsWith(`${field.path}[`) === true)) ||
            (found !== undefined && partOf(found) !== undefined && partOf(found) === partOf(field.path));
          if (!isRight && !isKnown) wrong.push(`${field.name} = ${shown(value)} at ${field.path}: ${found ?? 'accepted'}`);
        }
      }
      expect(wrong).to.deep.equal([]);
    });
});

/** Sorts fields by the type that has them. */
function groupOf(fields: readonly Field[]): ReadonlyMap<string, readonly Field[]> {
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    const type = /^\w+/.exec(field.name)![0];
    groups.set(type, [...(groups.get(type) ?? []), field]);
  }
  return groups;
}
