import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FamilySchema } from '../../lib/schema/index.js';
import { root } from './packed.js';

/*
 * Programs of users whose exports have inferred types: with `declaration: true` TypeScript must name them. Each imports one entry
 * point only, so that the types must be reachable from it.
 */
const PROGRAMS: Readonly<Record<string, string>> = {
  rxnetlink: `
    import {
      Errno, FamilyClient, NetlinkSocket, bpf, decodeAck, decodeMessages, errnoName, familyFactory, flaps, iterateMessages,
      liveCollection, netlink, rates, retryInterruptedDump, settle, stringify, toMap, unknownAttributes, type FamilyOptions,
      type KernelError, type LiveCollectionOptions, type TraceEvent, type Transport, type TransportOptions, type WatchableClient,
    } from 'rxnetlink';
    export const socket = netlink(0);
    export const sibling = socket.sibling();
    export const request = socket.request({ type: 18, flags: 0x300, payload: new Uint8Array(16) });
    export const batch = socket.batch([{ type: 18 }]);
    export const transaction = socket.transact([{ type: 2560 }]);
    export const traced = (event: TraceEvent) => event.message;
    export const counters = socket.counters;
    export const lease = socket.connect();
    export const filter = bpf.messageTypes(16);
    export const messages = socket.datagrams.pipe(decodeMessages());
    export const iterated = iterateMessages(new Uint8Array());
    export const acks = [...iterated].map(decodeAck);
    export const unknown = unknownAttributes({});
    export const path = (error: KernelError) => error.extendedAck;
    export const opened = (transport: Transport, options: TransportOptions) => transport.open(options);
    export const live = <T extends object>(options: LiveCollectionOptions<T>) => liveCollection(options);
    export const operators = { flaps, rates, settle, toMap, retryInterruptedDump };
    export const factories = { familyFactory, errnoName, stringify, Errno };
    export class Tables extends FamilyClient<never> {}
    export const watchers = new Map<string, WatchableClient<never>>();
    export const isSocket = (value: object) => value instanceof NetlinkSocket;
    export const inNamespace = (options: FamilyOptions) => ({ ...options, netns: 'blue' });
  `,
  'rxnetlink/schema': `
    import { describeAttributes, operationCodec, stringify, unknownAttributes, type FamilySchema } from 'rxnetlink/schema';
    export const codec = (schema: FamilySchema) => operationCodec(schema, 'get', 'closures');
    export const picked = (schema: FamilySchema) => codec(schema).pick(['name']);
    export const described = (schema: FamilySchema) => describeAttributes(schema, 'get', new Uint8Array(16));
    export const sets = (schema: FamilySchema) => schema.sets.flatMap((set) => set.attributes);
    export const operations = (schema: FamilySchema) => schema.operations.map((operation) => [operation.do, operation.merge] as const);
    export const values = { stringify, unknownAttributes };
  `,
  'rxnetlink/schema/v1': `
    import { Unknown, type AddressInput, type FamilyTypes, type TypedFamilySchema, type WithUnknown } from 'rxnetlink/schema/v1';
    export interface Row extends WithUnknown { readonly dst?: AddressInput }
    export const unknown = (row: Row) => row[Unknown];
    export const schema = <Family extends FamilyTypes>(typed: TypedFamilySchema<Family>) => ({ typed });
  `,
  'rxnetlink/network': `
    import { Row, isNetworkError, namespaces, network, parseTime, type LinkSpec, type NetworkOptions } from 'rxnetlink/network';
    export const net = (options: NetworkOptions) => network(options);
    export const links = net({}).links.list({ with: 'addresses' });
    export const ensured = (spec: LinkSpec) => net({}).links.ensure(spec);
    export const routes = net({}).routes.watch({ table: 'main' });
    export const view = net({}).view({ links: true, addresses: { family: 4 } });
    export const row = net({}).addresses.get({ link: 'lo', address: '127.0.0.1' });
    export const all = namespaces.all((each) => each.links.watch());
    export const values = { Row, isNetworkError, parseTime };
  `,
  'rxnetlink/fleet': `
    import {
      FleetError, agent, fleet, remote, serveRemote, type AgentOptions, type Fleet, type FleetChange, type FleetOptions, type RemotePolicy,
      type ServeRemoteOptions,
    } from 'rxnetlink/fleet';
    export const values = { FleetError, agent, fleet, remote, serveRemote };
    export const options: [AgentOptions, FleetOptions, ServeRemoteOptions] = [{ host: 'a' }, { hosts: ['a*'] }, { host: 'a' }];
    export const policy: RemotePolicy = { families: { nftables: ['get*'] } };
    export const links = (all: Fleet) => all.watch('rt-link', 'getlink');
    export const names = (all: Fleet) => all.watch('rt-link', 'getlink', { pick: ['ifname'] });
    export const hosts = (all: Fleet) => all.hosts();
    export const hostOf = (change: FleetChange<object>) => change.host;
  `,
  'rxnetlink/live': `
    import {
      MultisetStore, OrderedStore, liveCollection, watchableFamily, type LiveCollectionOptions, type LiveStore, type OrderedStoreOptions,
      type WatchDeclaration,
    } from 'rxnetlink/live';
    export interface Row { readonly table: string; readonly handle: number }
    export const ordered = (options: OrderedStoreOptions<Row>) => new OrderedStore(options);
    export const store = new MultisetStore<Row>({ bucket: ({ table }) => table });
    export const changes = (live: LiveStore<Row>) => live.replace([]);
    export const declaration = { groups: ['all'], set: ['new-ntf'], delete: ['del-ntf'], key: ({ handle }: Row) => handle } satisfies WatchDeclaration<Row>;
    export const collection = (options: LiveCollectionOptions<Row>) => liveCollection(options);
    export const factory = watchableFamily;
    export const watched = (schema: Parameters<typeof watchableFamily>[0]) => watchableFamily(schema, {})({ netns: 'blue' });
  `,
  'rxnetlink/testing': `
    import {
      ack, decodeFixture, decodePcap, errorReply, fakeFamilies, fakeKernel, multipart, netlinkTestScheduler, notification, readCapture,
      record, replay, replayKernel, type FakeContext, type Reply,
    } from 'rxnetlink/testing';
    export const kernel = fakeKernel(() => []);
    export const replayed = replayKernel('flap.pcap');
    export const capture = readCapture('flap.pcap');
    export const datagrams = replay(capture);
    export const scheduler = netlinkTestScheduler((actual, expected) => { if (actual !== expected) throw new Error('differs'); });
    export const run = scheduler.run(({ hotDatagrams, coldMessages }) => [hotDatagrams('-a'), coldMessages('-a')] as const);
    export const replies = { ack, errorReply, multipart, notification, record, decodeFixture, decodePcap, fakeFamilies };
    export const contexts: FakeContext[] = [];
    export const nothing = (): Iterable<Reply> => [];
  `,
  'rxnetlink/spec': `
    import { SpecError, loadFamily } from 'rxnetlink/spec';
    export const schema = loadFamily('name: example', { file: 'example.yaml' });
    export const isSpecError = (error: unknown) => error instanceof SpecError;
  `,
  'rxnetlink/families': `
    import { families } from 'rxnetlink/families';
    export const loaders = { ...families };
    export const link = async () => (await families['rt-link']()).rtLink();
    export const links = async () => (await link()).list('getlink', {}, { pick: ['ifname'] });
  `,
  'rxnetlink/families/uevent': `
    import { decodeUevent, uevents, type Uevent, type UeventFilter, type UeventOptions } from 'rxnetlink/families/uevent';
    export const options: UeventOptions = { netns: 'blue', filter: { action: 'add' } satisfies UeventFilter };
    export const events = uevents(options);
    export const event = (bytes: Uint8Array) => decodeUevent(bytes);
    export const first: Uevent[] = [];
  `,
};

/** Returns a program that uses each kind of stream of a family. */
function familyProgram(name: string, factory: string, { operations, groups }: FamilySchema, isWatchable: boolean): string {
  const dump = operations.find((operation) => operation.dump !== undefined && operation.set !== undefined)?.name;
  const done = operations.find((operation) => operation.do !== undefined)?.name;
  const lines = [
    `import { ${factory} } from 'rxnetlink/families/${name}';`,
    `export const client = ${factory}({ netns: 'blue' });`,
    `export class Reader { readonly client = ${factory}(); }`,
    'export const { batch, transaction, schema, socket } = client;',
  ];
  if (isWatchable) lines.push('export const declarationOf = client.declarationOf.bind(client);', 'export const { watch } = client;');
  if (dump !== undefined) {
    lines.push(`export const rows = client.dump('${dump}');`, `export const list = client.list('${dump}');`);
    lines.push(`export const listSync = () => client.listSync('${dump}');`);
  }
  if (done !== undefined) lines.push(`export const reply = client.do('${done}');`);
  for (const [index, group] of groups.entries()) lines.push(`export const events${index} = client.notifications('${group.name}');`);
  return lines.join('\n');
}

/** Returns a program for each entry point of the package, by its name. */
export async function consumerPrograms(): Promise<Readonly<Record<string, string>>> {
  const programs: Record<string, string> = { ...PROGRAMS };
  for (const file of readdirSync(join(root, 'lib/families')).filter(
    (name) => name.endsWith('.ts') && !/^(?:index|rtnetlink)\./.test(name),
  )) {
    const name = file.replace(/\.ts$/, '');
    if (`rxnetlink/families/${name}` in PROGRAMS) continue;
    const module = (await import(join(root, 'lib/families', file))) as Record<string, unknown>;
    const [schemaName] = Object.keys(module).filter((name) => name.endsWith('Schema'));
    const factory = schemaName!.replace(/Schema$/, '');
    const isWatchable = 'watch' in (module[factory] as () => object)();
    programs[`rxnetlink/families/${name}`] = familyProgram(name, factory, module[schemaName!] as FamilySchema, isWatchable);
  }
  return programs;
}
