import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { describeFamily } from '../../../lib/families/nlctrl.js';
import type { FamilyClient, UntypedFamily } from '../../../lib/client/index.js';
import { AttributeReader, FamilyNotFoundError } from '../../../lib/index.js';
import { unknownAttributes, type FamilySchema } from '../../../lib/schema/index.js';
import type { AttributeSchema, OperationSchema } from '../../../lib/schema/descriptor/descriptor.js';
import { isFlush } from '../../../scripts/check-specs/is-flush.js';
import { loadSchema } from '../../codegen/generated.js';
import { needsFamily } from '../../support/features.js';
import { requirePrograms } from '../../support/programs.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { json } from './names.js';

/** The type that genl prints for a kind of value; it does not know `sint` and `uint`. */
const GENL_TYPES: Readonly<Record<string, string>> = {
  nest: 'NESTED',
  'indexed-array': 'NESTED_ARRAY',
  string: 'STRING',
  sint: 'unknown',
  uint: 'unknown',
};
/** The families of this kernel that the package describes; some may be missing. */
const TYPED = ['nlctrl', 'ethtool', 'netdev', 'mptcp_pm', 'tcp_metrics'];
/** TASKSTATS_CMD_GET, TASKSTATS_CMD_ATTR_PID, TASKSTATS_TYPE_AGGR_PID, TASKSTATS_TYPE_PID of linux/taskstats.h */
const [GET, OF_PROCESS, AGGREGATE, PROCESS] = ['1', 1, 4, 1] as const;

/** Attributes by the path of numbers that leads to each, `1.2`: the type. A nest inside itself is visited once. */
function pathsOf(schema: FamilySchema, set: string | undefined, textOf: (attribute: AttributeSchema) => string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string, path: string, around: readonly string[]): void => {
    for (const attribute of schema.sets.find((one) => one.name === name)?.attributes ?? []) {
      if (attribute.type === 'pad' || attribute.type === 'unused') continue;
      const here = `${path}${String(attribute.id)}`;
      const written = { ...attribute, ...attribute.input };
      found.set(here, textOf(written));
      const inner = written.set ?? written.element?.set;
      if (inner !== undefined && !around.includes(inner)) visit(inner, `${here}.`, [...around, inner]);
    }
  };
  if (set !== undefined) visit(set, '', [set]);
  return found;
}

const requestSet = ({ set, ...modes }: OperationSchema, mode: 'do' | 'dump'): string | undefined =>
  modes[mode]?.input === undefined ? set : modes[mode].input.set;

/** Returns the policies that genl prints: of commands by mode, and their attributes by number. */
function parseGenl(text: string): { commands: Map<string, string>; types: Map<string, string>; nested: Map<string, string> } {
  const commands = [...text.matchAll(/op (\d+) policies:((?: \w+=\d+)+)/g)].flatMap(([, op, modes]) =>
    [...modes!.matchAll(/(\w+)=(\d+)/g)].map(([, mode, policy]) => [`${op!} ${mode!}`, policy!] as const),
  );
  const attributes = [...text.matchAll(/policy\[(\d+)\]:attr\[(\d+)\]: type=(\w+)(?: policy:(\d+))?/g)];
  return {
    commands: new Map(commands),
    types: new Map(attributes.map(([, policy, id, type]) => [`${policy!} ${id!}`, type!.replace('NUL_', '')])),
    nested: new Map(attributes.flatMap(([, policy, id, , inner]) => (inner === undefined ? [] : [[`${policy!} ${id!}`, inner] as const]))),
  };
}

/** Returns the types of a policy and of those in it by path, as {@link pathsOf}. */
function genlPaths({ types, nested }: ReturnType<typeof parseGenl>, policy: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (index: string, path: string, around: readonly string[]): void => {
    for (const [key, type] of types) {
      const [of, id] = key.split(' ') as [string, string];
      if (of !== index) continue;
      found.set(`${path}${id}`, type);
      const inner = nested.get(key);
      if (inner !== undefined && !around.includes(inner)) visit(inner, `${path}${id}.`, [...around, inner]);
    }
  };
  visit(policy, '', [policy]);
  return found;
}

describe('describeFamily', () => {
  const namespace = useNamespace();
  const describeHere = async (name: string, replies: 'bytes' | 'as-requests' = 'bytes'): Promise<FamilyClient<UntypedFamily>> =>
    (await lastValueFrom(describeFamily(name, { netns: namespace().path }, { replies })))({ netns: namespace().path });

  it('has the commands, attributes, nests and types that genl prints', async function () {
    requirePrograms('genl');
    await needsFamily(this, 'netdev', namespace().path);
    let compared = 0;
    for (const name of TYPED.filter((family) => family !== 'mptcp_pm')) {
      const shown = parseGenl(namespace().run('genl', 'ctrl', 'policy', 'name', name));
      using client = await describeHere(name);
      for (const [key, policy] of shown.commands) {
        const [op, mode] = key.split(' ') as [string, 'do' | 'dump'];
        // The kernel reports commands that only dump as number 0.
        if (op === '0') continue;
        const operation = client.schema.operations.find((one) => one.name === op);
        expect(operation?.[mode], `${name} ${key}`).to.not.equal(undefined);
        const paths = pathsOf(client.schema, requestSet(operation!, mode), ({ type }) => GENL_TYPES[type] ?? type.toUpperCase());
        expect(Object.fromEntries(paths), `${name} ${key}`).to.deep.equal(Object.fromEntries(genlPaths(shown, policy)));
        compared += paths.size;
      }
    }
    expect(compared).to.be.above(200);
  });

  for (const name of TYPED) {
    it(`has numbers and types of the descriptor of ${name}`, async function () {
      const typed = await loadSchema(name);
      using client = await describeHere(name).catch((error: unknown) => {
        if (error instanceof FamilyNotFoundError) skipBecause(this, `this kernel has no family '${name}'`, error);
        throw error;
      });
      const wrong: string[] = [];
      let compared = 0;
      // Older kernels have one policy for all commands of a family.
      const policies = client.schema.operations.map((one) => [...pathsOf(client.schema, requestSet(one, 'do'), ({ type }) => type)].join());
      const isShared = new Set(policies).size === 1;
      const requests = typed.operations.filter((one) => one.do?.request !== undefined);
      const all = new Map(requests.flatMap((one) => [...pathsOf(typed, requestSet(one, 'do'), ({ type }) => type)]));
      for (const mode of ['do', 'dump'] as const) {
        for (const operation of typed.operations) {
          const found = client.schema.operations.find((one) => one[mode]?.request === operation[mode]?.request && one[mode] !== undefined);
          if (found === undefined || isFlush(typed, operation)) continue;
          const known = isShared ? all : pathsOf(typed, requestSet(operation, mode), ({ type }) => type);
          for (const [path, type] of pathsOf(client.schema, requestSet(found, mode), (attribute) => attribute.type)) {
            compared++;
            if (known.get(path) !== type)
              wrong.push(`${operation.name} ${mode} ${path}: ${known.get(path) ?? 'nothing'}, described as ${type}`);
          }
        }
      }
      expect(wrong).to.deep.equal([]);
      expect(compared).to.be.above(0);
    });
  }

  it('lists the families with their numbers, as genl lists them', async () => {
    requirePrograms('genl');
    using client = await describeHere('nlctrl', 'as-requests');
    const rows = await lastValueFrom(client.list('3'));
    const listed = [
      ...namespace()
        .run('genl', 'ctrl', 'list')
        .matchAll(/Name: (\S+)\n\s*ID: (\S+)/g),
    ].map(([, name, id]) => ({ 1: Number(id), 2: name }));
    expect(rows.map(({ 1: id, 2: name }) => ({ 1: id, 2: name }))).to.have.deep.members(listed);
  });

  it('sends nests, and returns replies as bytes', async function () {
    await needsFamily(this, 'netdev', namespace().path);
    using client = await describeHere('netdev');
    const rows = await lastValueFrom(client.list('1'));
    const indexes = rows.map((row) => unknownAttributes(row).find(({ attribute }) => attribute.type === 1)!.attribute.payload);
    const links = json<{ ifindex: number }>(namespace(), 'ip -j link');
    expect(indexes.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true))).to.have.members(
      links.map(({ ifindex }) => ifindex),
    );
    using settings = await describeHere('ethtool', 'as-requests');
    expect(await lastValueFrom(settings.do('1', { 1: { 2: 'lo' }, 3: true }))).to.deep.include({ 1: { 1: 1, 2: 'lo' } });
  });

  it('works for a family that the package does not describe, whose replies have other attributes than requests', async function () {
    using client = await describeFamilyHere(this);
    const reply = await lastValueFrom(client.do(GET, { [OF_PROCESS]: process.pid }));
    const [aggregate] = unknownAttributes(reply!);
    expect(aggregate!.attribute.type).to.equal(AGGREGATE);
    expect(new AttributeReader(aggregate!.attribute.payload).find(PROCESS)!.uint32()).to.equal(process.pid);
  });

  /** Statistics of processes exist in the first namespace of processes and users only. */
  async function describeFamilyHere(context: Mocha.Context): Promise<FamilyClient<UntypedFamily>> {
    try {
      return (await lastValueFrom(describeFamily('TASKSTATS')))();
    } catch (error) {
      if (!(error instanceof FamilyNotFoundError)) throw error;
      return skipBecause(context, "this kernel has no family 'TASKSTATS'", error);
    }
  }

  it('rejects values that the policy rejects, before anything is sent', async function () {
    await needsFamily(this, 'netdev', namespace().path);
    using client = await describeHere('netdev');
    const failure = (op: string, request: Readonly<Record<string, unknown>>): Promise<string> =>
      lastValueFrom(client.do(op, request)).then(String, String);
    expect(await failure('1', { 1: 0 })).to.match(/^EncodeError: .*1: 0/);
    expect(await failure('1', { 77: 1 })).to.match(/^EncodeError: .*\.77: there is/);
    expect(() => client.do('99', {})).to.throw(TypeError, "netdev has no operation '99'");
  });

  it('fails for a family that the kernel does not have, and for arguments that are not valid', async () => {
    const error = await lastValueFrom(describeFamily('nowhere')).then(String, (reason: unknown) => reason);
    expect(error).to.be.instanceOf(FamilyNotFoundError);
    expect(() => describeFamily('')).to.throw(TypeError, 'name must be a text');
    expect(() => describeFamily('nlctrl', {}, { replies: 'typed' as 'bytes' })).to.throw(
      TypeError,
      "replies must be 'bytes' or 'as-requests'",
    );
  });
});
