'use strict';

/*
 * The rooms of lib/ and what each may import. `rooms` are names of rooms, `packages` of npm packages; `node: true` lets it
 * import Node's own modules. Every room may import itself.
 */
const pure = ['check', 'wire', 'errors'];
const ROOMS = {
  errors: { rooms: [] },
  check: { rooms: ['errors'] },
  wire: { rooms: ['errors'] },
  schema: { rooms: pure },
  exchange: { rooms: pure },
  socket: { rooms: ['exchange', ...pure], packages: ['rxjs', 'node-gyp-build'], node: true },
  operators: { rooms: ['exchange', 'schema', ...pure], packages: ['rxjs'] },
  client: { rooms: ['socket', 'operators', 'schema', ...pure], packages: ['rxjs'] },
  live: { rooms: ['client', 'operators', 'schema', 'check', 'errors'], packages: ['rxjs'] },
  families: { rooms: ['live', 'client', 'operators', 'socket', 'schema', ...pure], packages: ['rxjs'] },
  network: { rooms: ['families', 'live', 'client', 'socket', 'schema', ...pure], packages: ['rxjs'], node: true },
  http: { rooms: [], node: true },
  dashboard: { rooms: ['http', 'network', 'families', 'live', 'client', 'check', 'errors'], packages: ['rxjs', 'uplot'], node: true },
  exporter: { rooms: ['http', 'network', 'families', 'check', 'errors'], packages: ['rxjs'], node: true },
  fleet: {
    rooms: ['network', 'families', 'live', 'client', 'operators', 'socket', 'exchange', 'schema', ...pure],
    packages: ['rxjs', '@nats-io'],
    node: true,
  },
  testing: { rooms: ['live', 'client', 'operators', 'socket', 'exchange', 'schema', ...pure, 'families'], packages: ['rxjs'], node: true },
  codegen: { rooms: ['schema', 'check', 'errors'], packages: ['yaml'] },
  cli: {
    rooms: [
      'dashboard',
      'exporter',
      'fleet',
      'http',
      'network',
      'families',
      'testing',
      'spec-loader',
      'codegen',
      'live',
      'client',
      'operators',
      'socket',
      'exchange',
      'schema',
      ...pure,
    ],
    packages: ['rxjs', 'commander', 'yaml', '@nats-io'],
    node: true,
  },
  'spec-loader': { rooms: ['codegen', 'client', 'schema', 'socket', ...pure], packages: ['rxjs', 'yaml'] },
};

const anyOf = (names) => `(?:${names.join('|')})`;

const roomRules = Object.entries(ROOMS).flatMap(([room, { rooms, packages = [], node = false }]) => [
  {
    name: `${room}-imports-rooms`,
    comment: `${room}/ may import ${rooms.join(', ') || 'no other room'}`,
    severity: 'error',
    from: { path: `^lib/${room}/` },
    to: { path: '^lib/', pathNot: `^lib/${anyOf([room, ...rooms])}/` },
  },
  {
    name: `${room}-imports-packages`,
    comment: `${room}/ may import ${packages.join(', ') || 'no package'}`,
    severity: 'error',
    from: { path: `^lib/${room}/` },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
      ...(packages.length > 0 ? { pathNot: `(?:^|/)${anyOf(packages)}(?:/|$)` } : {}),
    },
  },
  ...(node
    ? []
    : [
        {
          name: `${room}-imports-no-node`,
          comment: `${room}/ must run wherever JavaScript does`,
          severity: 'error',
          from: { path: `^lib/${room}/` },
          to: { dependencyTypes: ['core'] },
        },
      ]),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'unknown-room',
      comment: 'a folder of lib/ that this file does not know',
      severity: 'error',
      from: { path: '^lib/[^/]+/', pathNot: `^lib/${anyOf(Object.keys(ROOMS))}/` },
      to: {},
    },
    {
      name: 'optional-packages',
      comment: 'these rooms need packages that a user may not have installed: the command loads them with import() when it needs them',
      severity: 'error',
      from: { path: '^lib/cli/' },
      to: {
        path: '^lib/(?:spec-loader|codegen)/',
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    {
      name: 'rooms-by-index',
      comment:
        'a room imports the public names of another room from its index.ts, and the names that no entry point exports from its ' +
        'internal.ts. Exceptions: a generated family imports rxnetlink/schema/v1 (lib/schema/v1.ts), as it does outside of this ' +
        'package; the test kit imports the descriptors of single families from their generated modules, and network/ imports the modules of single families, ' +
        'and the places of their filters, because an index of all families loads them all; the listings of the command import the modules of single tables for the same reason',
      severity: 'error',
      from: { path: '^lib/([^/]+)/' },
      to: {
        path: '^lib/[^/]+/',
        pathNot: [
          '^lib/$1/',
          '^lib/[^/]+/(?:index|internal)\\.ts$',
          '^lib/schema/v1\\.ts$',
          '^lib/families/generated/(?:nlctrl|rt-(?:addr|link|neigh|nsid|route|rule)|tc)\\.ts$',
          '^lib/families/(?:[^/]+|traffic/places)\\.ts$',
          '^lib/network/(?:open-tables|[a-z]+/[a-z]+-(?:model|table)|sockets/socket-query|firewall/verbs/firewall-verbs)\\.ts$',
        ],
      },
    },
    {
      name: 'root-by-index',
      comment: 'the package root exports public names only',
      severity: 'error',
      from: { path: '^lib/index\\.ts$' },
      to: { path: '^lib/', pathNot: '^lib/[^/]+/index\\.ts$' },
    },
    {
      name: 'generated-imports-schema',
      comment: 'generated families are data: types and a descriptor of the format that rxnetlink/schema/v1 describes',
      severity: 'error',
      from: { path: '^lib/families/generated/' },
      to: { path: '^lib/', pathNot: '^lib/(?:schema/v1\\.ts$|families/generated/)' },
    },
    {
      name: 'v1-in-generated-only',
      comment: 'rooms import the index of schema/',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(?:schema|families/generated)/' },
      to: { path: '^lib/schema/v1\\.ts$' },
    },
    {
      name: 'testing-sees-descriptors',
      comment: 'the test kit knows families by their descriptors only',
      severity: 'error',
      from: { path: '^lib/testing/' },
      to: { path: '^lib/families/', pathNot: '^lib/families/generated/' },
    },
    {
      name: 'nothing-imports',
      comment: 'testing/, cli/ and the index are the ends of the way',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(?:testing|cli)/' },
      to: { path: '^lib/(?:testing/|cli/|index\\.ts$)' },
    },
    {
      name: 'no-cycles',
      comment: 'two files that need each other are one; a circle of types counts too',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-specs', severity: 'error', from: { path: '^lib/' }, to: { path: '^(?:spec|examples|bench|scripts)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
