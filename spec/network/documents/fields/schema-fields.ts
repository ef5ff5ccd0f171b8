import { readFileSync } from 'node:fs';
import { SCHEMA_FILE } from '../../../../scripts/schema/write-schema.mjs';

/** A JSON Schema, as far as that of documents uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly dependentSchemas?: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Schema>> }>>;
}

/** A property of an object of documents, or an element of a list or a map. */
export interface Field {
  /** The type and the property, such as `BridgeOptions.ageing`. */
  readonly name: string;
  /** The path in the document: `links[0].bridge.ageing`. */
  readonly path: string;
  /** The alternatives of its value, without references. */
  readonly forms: readonly Schema[];
  /** Returns a document with a value in the field. */
  readonly documentWith: (value: unknown) => object;
}

interface Place {
  readonly path: string;
  readonly wrap: (value: unknown) => object;
}

const { $ref: root, $defs: definitions } = JSON.parse(readFileSync(new URL(`../../../../${SCHEMA_FILE}`, import.meta.url), 'utf8')) as {
  readonly $ref: string;
  readonly $defs: Readonly<Record<string, Schema>>;
};

/** Values of required properties, by the name of the type and the property, or of the property alone. */
const SADDR = { payload: { protocol: 'ip', field: 'saddr' } };

const SAMPLES: Readonly<Record<string, unknown>> = {
  version: 1,
  to: '10.9.0.0/16',
  mac: '02:00:00:00:00:01',
  address: '10.1.0.1/24',
  kind: 'veth',
  type: 'ip',
  key: SADDR,
  elem: SADDR,
  left: SADDR,
  right: '10.0.0.1',
  data: '@s',
  set: '@s',
  map: '@m',
  flowtable: '@f',
  value: 22,
  'QdiscTree.kind': 'drr',
  'ClassTree.kind': 'drr',
  'ClassTree.handle': '1:1',
  'FilterOfTree.kind': 'matchall',
  'FirewallTable.family': 'ip',
  'NamedSet.type': 'inet_service',
  'NamedMap.type': 'inet_service',
  'NamedMap.data': 'mark',
  'NamedQuota.bytes': 1,
  'NatTarget.addr': '10.0.0.1',
  'rt.key': 'nexthop',
  'osf.key': 'name',
  'ipsec.key': 'saddr',
  'ipsec.dir': 'in',
  'ct.key': 'saddr',
  'payload.protocol': 'tcp',
  'payload.field': 'dport',
  'payload.base': 'nh',
  'payload.len': 32,
  'tcp option.name': 'maxseg',
  'MapElement.data': 1,
  'FilterOfTree.priority': 1,
  'FirewallObject.type': 'synproxy',
  'Seg6Encap.segments': ['fd00::9'],
  'ExpressionSet.set': {},
  'ExpressionSet.elements': [],
  'WireguardOptions.peers[].publicKey': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
};

/** Values that a property, or all properties of a type, need beside them, though the schema does not require them. */
const BESIDE: Readonly<Record<string, object>> = {
  QdiscTree: { handle: '1:' },
  RouteHop: { via: '10.1.0.9' },
  DocumentRule: { family: 4 },
  'FilterOfTree.actions[].exceed': { rate: '1mbit', burst: '10kib' },
  'FilterOfTree.actions[].conform': { rate: '1mbit', burst: '10kib' },
  'FilterOfTree.actions[].direction': { mode: 'redirect', link: 'v1' },
  'ServiceCurve.firstTime': { rate: '1mbit', firstRate: '2mbit' },
  'NetemOptions.distribution': { delay: '1s', jitter: '1ms' },
  'TbfOptions.latency': { rate: '1mbit' },
  'Seg6Encap.mode': { segments: ['fd00::9'] },
  'Ownership.tables': { protocol: 99 },
  'FirewallObject.data': { type: 'synproxy' },
};

const nameOf = (reference: string): string => reference.slice('#/$defs/'.length);

/** Returns the alternatives of a schema, each with the name of its type. */
function formsOf(schema: Schema, type: string): readonly (readonly [type: string, form: Schema])[] {
  if (schema.$ref !== undefined) return formsOf(definitions[nameOf(schema.$ref)]!, nameOf(schema.$ref));
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((form) => formsOf(form, type));
  return [[type, schema]];
}

/** Returns a value of a schema, for properties that a tested one needs beside it. */
function sampleOf(schema: Schema, name: string, type: string): unknown {
  if (schema.const !== undefined) return schema.const;
  const known = SAMPLES[`${type}.${name}`] ?? SAMPLES[`${type.split('.').at(-1)!.replace('[]', '')}.${name}`] ?? SAMPLES[name];
  if (known !== undefined) return known;
  const [[inner, form]] = formsOf(schema, type) as [readonly [string, Schema]];
  if (form.const !== undefined) return form.const;
  if (form.enum !== undefined) return form.enum[0];
  if (form.type === 'string') return form.examples?.[0] ?? (form.pattern === undefined ? 'x0' : '1:');
  if (form.type === 'number') return 1;
  if (form.type === 'boolean') return true;
  if (form.type === 'null') return null;
  if (form.type === 'array') return [];
  return sampleObject(form, inner);
}

function sampleObject(form: Schema, type: string, but?: string): Readonly<Record<string, unknown>> {
  const names = (form.required ?? []).filter((name) => name !== but);
  return Object.fromEntries(names.map((name) => [name, sampleOf(form.properties![name]!, name, type)]));
}

/** Returns the properties that a property needs beside it: the kind of the options of a kind. */
function beside(form: Schema, name: string, type: string): Readonly<Record<string, unknown>> {
  const { properties = {} } = form.dependentSchemas?.[name] ?? {};
  return Object.fromEntries(Object.entries(properties).map(([other, schema]) => [other, sampleOf(schema, other, type)]));
}

/** The families of tables in which the matches of a path are valid. */
const FAMILIES: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/\barp\./, 'arp'],
  [/\bip6\.|icmpv6\.|exthdr|frag\.|\brt\b/, 'ip6'],
  [/ibr|obr|ether|vlan/, 'bridge'],
  [/\.fwd|dup\.dev/, 'netdev'],
];

/** Returns a document with the family or the kind that a field needs in the objects around it. */
function adapted(document: object, path: string): object {
  const { firewall, links } = document as {
    readonly firewall?: { readonly tables?: readonly [{ family?: unknown; chains?: unknown; sets?: unknown; maps?: unknown }] };
    readonly links?: readonly [{ readonly qdisc?: { kind?: unknown } }];
  };
  const table = firewall?.tables?.[0];
  const family = FAMILIES.find(([pattern]) => pattern.test(path))?.[1];
  if (table?.family === 'ip' && family !== undefined) table.family = family;
  const kind = /classes\[0\]\.(htb|hfsc|qfq|drr)/.exec(path)?.[1];
  if (kind !== undefined) links![0].qdisc!.kind = kind;
  // The expressions of a statement with a set are checked against the types of the set.
  if (table?.chains !== undefined) table.sets ??= [{ name: 's', type: 'ipv4_addr', flags: ['timeout', 'dynamic'] }];
  if (table?.chains !== undefined) table.maps ??= [{ name: 'm', type: 'ipv4_addr', data: 'mark', flags: ['timeout', 'dynamic'] }];
  return document;
}

/** Returns every property of every object in the schema of documents, each at one place at least. */
export function fieldsOf(): readonly Field[] {
  const fields: Field[] = [];
  const visited = new Set<string>();
  const visit = (schema: Schema, type: string, { path, wrap }: Place): void => {
    for (const [index, [inner, form]] of formsOf(schema, type).entries()) {
      const key = JSON.stringify([inner, index, form]);
      if (form.properties !== undefined) {
        if (visited.has(key)) continue;
        visited.add(key);
        for (const [name, property] of Object.entries(form.properties)) {
          const others = {
            ...BESIDE[inner],
            ...BESIDE[`${inner}.${name}`],
            ...sampleObject(form, inner, name),
            ...beside(form, name, inner),
          };
          // The tested property is first, so that its error is the first one too.
          add(property, `${inner}.${name}`, {
            path: name.includes('.') && inner === 'TrafficMatch' ? `${path}['${name}']` : path === '' ? name : `${path}.${name}`,
            wrap: (value) => wrap({ [name]: value, ...Object.fromEntries(Object.entries(others).filter(([other]) => other !== name)) }),
          });
        }
      } else if (form.prefixItems !== undefined) {
        for (const [position, item] of form.prefixItems.entries())
          add(item, `${inner}[${position}]`, {
            path: `${path}[${position}]`,
            wrap: (value) => wrap(form.prefixItems!.map((each, other) => (other === position ? value : sampleOf(each, '', inner)))),
          });
      } else if (form.items !== undefined) add(form.items, `${inner}[]`, { path: `${path}[0]`, wrap: (value) => wrap([value]) });
      else if (typeof form.additionalProperties === 'object' && Object.keys(form.additionalProperties).length > 0)
        add(form.additionalProperties, `${inner}.x0`, { path: `${path}.x0`, wrap: (value) => wrap({ x0: value }) });
    }
  };
  const seen = new Set<string>();
  // The places nearest to the root come first: types of expressions contain themselves.
  const pending: (() => void)[] = [];
  const add = (schema: Schema, name: string, place: Place): void => {
    const forms = formsOf(schema, name);
    const key = `${name} ${JSON.stringify(schema)}`;
    if (!seen.has(key)) {
      seen.add(key);
      fields.push({
        name,
        path: place.path,
        forms: forms.map(([, form]) => form),
        documentWith: (value) => adapted(place.wrap(value), place.path),
      });
      // The kernel has no options of pfifo_fast; those of prio are tested with that.
      if (!place.path.endsWith('.pfifo_fast')) pending.push(() => visit(schema, name, place));
    }
  };
  visit({ $ref: root }, 'NetworkDocument', { path: '', wrap: (value) => value as object });
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) next();
  return fields;
}

/** Returns the names of the properties of all objects in the schema, as those of fields. */
export function propertiesOf(): ReadonlySet<string> {
  const all = new Set<string>();
  const count = (schema: Schema, type: string): void => {
    for (const name of Object.keys(schema.properties ?? {})) all.add(`${type}.${name}`);
    for (const inner of schema.anyOf ?? []) count(inner, type);
    for (const [index, inner] of (schema.prefixItems ?? []).entries()) count(inner, `${type}[${index}]`);
    if (schema.items !== undefined) count(schema.items, `${type}[]`);
    for (const [name, inner] of Object.entries(schema.properties ?? {})) count(inner, `${type}.${name}`);
    if (typeof schema.additionalProperties === 'object') count(schema.additionalProperties, `${type}.x0`);
  };
  for (const [name, schema] of Object.entries(definitions)) count(schema, name);
  return all;
}
