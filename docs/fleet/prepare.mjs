// Writes what a nats-server of a fleet needs: certificates, a key for each user, and the permissions of each user.
//
//   node prepare.mjs FOLDER --name nats.example.com --hosts web-1,web-2 [--cells 8] [--readers NAME,NAME] [--operators NAME,NAME]
//
// Each host has a cell of its own: a stream in which no other agent can write or delete. With --cells, hosts share that number of cells, and each
// agent can delete the rows of the others in its cell.
//
// It needs openssl and `npm install @nats-io/nats-core`. Keys, certificates and cells that exist are kept: run it again with all hosts to add one,
// make its stream with `rxnetlink fleet streams`, and let the server read its configuration again with `nats-server --signal reload`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nkeys } from '@nats-io/nats-core';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: hostname() },
    hosts: { type: 'string', default: '' },
    cells: { type: 'string' },
    readers: { type: 'string', default: 'reader' },
    operators: { type: 'string', default: 'operator' },
  },
});
const [folder] = positionals;
/** The most streams of a fleet. */
const MOST_CELLS = 1024;
/** The number of cells that hosts share; undefined if each host has its own. */
const shared = values.cells === undefined ? undefined : Number(values.cells);
if (
  folder === undefined ||
  values.hosts === '' ||
  (shared !== undefined && !(Number.isInteger(shared) && shared >= 1 && shared <= MOST_CELLS))
) {
  console.error(
    'usage: node prepare.mjs FOLDER --name SERVER --hosts NAME,NAME... [--cells NUMBER] [--readers NAME,NAME...] [--operators NAME,NAME...]',
  );
  process.exit(64);
}
/** Ends the script with an error. */
function fail(text) {
  console.error(`prepare.mjs: ${text}`);
  process.exit(1);
}

/** Returns a host's name as a part of a subject: bytes other than letters, digits and `-` become `_xx`. */
const token = (host) =>
  [...Buffer.from(host)]
    .map((byte) => [String.fromCharCode(byte), byte])
    .map(([character, byte]) => (/[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`))
    .join('');

/** The longest name of a host in a subject. */
const LONGEST_TOKEN = 64;

const hosts = values.hosts.split(',');
const [readers, operators] = [values.readers, values.operators].map((names) => names.split(',').filter((name) => name !== ''));
// An agent accepts the same names.
for (const host of hosts) {
  if (host === '') fail(`--hosts ${values.hosts}: a name is empty; expected names, separated by commas`);
  const wrong = /[*>\s\p{Cc}]/u.exec(host)?.[0];
  if (wrong !== undefined) fail(`host '${host}' contains '${wrong}'; expected a name without '*', '>', blanks and control characters`);
  const { length } = token(host);
  if (length > LONGEST_TOKEN)
    fail(`host '${host}' has ${length} characters in a subject; the limit is ${LONGEST_TOKEN}: choose a shorter one`);
}
for (const name of [...readers, ...operators])
  if (!/^\w[\w.@-]*$/.test(name)) fail(`user '${name}' would be a part of a file's name; expected letters, digits, '.', '@', '_' and '-'`);
const names = [...hosts.map((host) => `agent-${token(host)}`), ...readers, ...operators, 'admin'];
const twice = names.find((name, index) => names.indexOf(name) !== index);
if (twice !== undefined) fail(`two users have the name ${twice}: name each host, reader and operator once, and none of them admin`);
for (const part of ['', 'keys', 'tls', 'hosts']) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });

/** Returns the cell of a host among those that hosts share. */
function sharedCell(host) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < host.length; at++) hash = Math.imul(hash ^ host.charCodeAt(at), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % shared;
}

/**
 * Returns the cells of the hosts, each its own, also of those that were named before: the stream of a removed host is not given to another one, unless
 * it was deleted from the file, and the numbers are used up.
 */
function ownCells() {
  const file = join(folder, 'cells.json');
  // Not an object: a host may be named `constructor`.
  const cells = new Map(existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8'))) : []);
  const removed = [...cells.keys()].filter((host) => !hosts.includes(host)).length;
  if (hosts.length + removed > MOST_CELLS)
    fail(
      `${hosts.length} hosts of --hosts and ${removed} removed ones of ${file} need a cell each; the limit is ${MOST_CELLS}: let hosts share cells ` +
        `with --cells 64, or remove the rows of the removed ones with rxnetlink fleet forget, and delete their names from ${file}`,
    );
  const used = new Set(cells.values());
  for (const host of hosts) {
    if (cells.has(host)) continue;
    let next = 1 + Math.max(-1, ...used);
    if (next >= MOST_CELLS) for (next = 0; used.has(next);) next++;
    cells.set(host, next);
    used.add(next);
  }
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(cells), undefined, 2)}\n`);
  return cells;
}

const cells = shared === undefined ? ownCells() : new Map(hosts.map((host) => [host, sharedCell(host)]));
const cellCount = shared ?? 1 + Math.max(...cells.values());

/** Returns the public key of a user. The private one is in keys/USER.nk, for this user only. */
function publicKey(user) {
  const file = join(folder, 'keys', `${user}.nk`);
  if (!existsSync(file)) writeFileSync(file, `${new TextDecoder().decode(nkeys.createUser().getSeed())}\n`, { mode: 0o600 });
  return nkeys.fromSeed(Buffer.from(readFileSync(file, 'utf8').trim())).getPublicKey();
}

/** A user of the server. Replies arrive at subjects with its public key, so that no user reads the replies of another one. */
function user(name, { publish, subscribe = [] }, key = publicKey(name)) {
  const lines = [
    `      { nkey: ${key}, permissions: { # ${name}`,
    `        publish: ${JSON.stringify(publish)}`,
    `        subscribe: ${JSON.stringify([`_INBOX.${key}.>`, ...subscribe])}`,
  ];
  return `${lines.join('\n')}\n      } }`;
}

/** Reading streams, without writing or making any. */
const READ = [
  'INFO',
  'STREAM.NAMES',
  'STREAM.INFO.*',
  'STREAM.MSG.GET.*',
  'CONSUMER.CREATE.>',
  'CONSUMER.INFO.>',
  'CONSUMER.DELETE.>',
  'DIRECT.GET.>',
];
/** The answers by which a slow reader slows the server down. */
const FLOW = '$JS.FC.>';
const api = (names) => names.map((name) => `$JS.API.${name}`);

/** An agent writes the state of its host in one stream, reads its own last message, and serves the netlink sockets of its host. */
const agent = (host) => {
  const name = token(host);
  const cell = cells.get(host);
  const state = `rxf.state.${cell}.${name}.>`;
  const alive = `rxf.alive.${name}`;
  const streams = [`RXF_STATE_${cell}`, 'RXF_ALIVE'];
  // The unit reads this file: an agent does not know its cell.
  writeFileSync(join(folder, 'hosts', `agent-${name}.env`), `RXNETLINK_OPTIONS=--cell=${cell}\n`);
  return user(`agent-${name}`, {
    publish: [
      state,
      alive,
      `rxf.nl.${name}.*.*.welcome`,
      `rxf.nl.${name}.*.*.rx`,
      ...api([
        'INFO',
        ...streams.map((stream) => `STREAM.INFO.${stream}`),
        `DIRECT.GET.${streams[0]}.${state}`,
        `DIRECT.GET.${streams[1]}.${alive}`,
      ]),
    ],
    subscribe: [`rxf.nl.${name}.open`, `rxf.nl.${name}.*.*.tx`],
  });
};

// No user may subscribe to beats: with a subscription to rxf.alive.HOST, the server would deliver messages of other streams there, as a reader can
// ask it to, and store them among the beats.

/** An operator reads the state, and opens netlink sockets of all hosts. Name single hosts in place of the first `*` to allow less. */
const operator = (name) => {
  const key = publicKey(name);
  const socket = `rxf.nl.*.${key}.*`;
  return user(
    name,
    {
      publish: [...api(READ), FLOW, 'rxf.nl.*.open', `${socket}.tx`],
      subscribe: [`${socket}.welcome`, `${socket}.rx`],
    },
    key,
  );
};

const users = [
  ...hosts.map(agent),
  // Read the state of all hosts.
  ...readers.map((name) => user(name, { publish: [...api(READ), FLOW] })),
  ...operators.map(operator),
  // Makes and changes the streams, and removes hosts.
  user('admin', { publish: ['$JS.API.>', 'rxf.state.>', 'rxf.alive.*'] }),
];
writeFileSync(
  join(folder, 'users.conf'),
  `# Written by prepare.mjs.
accounts {
  FLEET: {
    jetstream: enabled
    users: [
${users.join('\n')}
    ]
  }
}
`,
);
copyFileSync(join(import.meta.dirname, 'nats-server.conf'), join(folder, 'nats-server.conf'));

/** Runs openssl in the folder of the certificates. */
const openssl = (...args) => execFileSync('openssl', args, { cwd: join(folder, 'tls'), stdio: ['ignore', 'ignore', 'pipe'] });
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
if (!existsSync(join(folder, 'tls/ca.pem'))) {
  openssl('req', '-x509', ...EC, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3650', '-subj', '/CN=fleet');
}
if (!existsSync(join(folder, 'tls/server.pem'))) {
  openssl('req', ...EC, '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${values.name}`);
  writeFileSync(join(folder, 'tls/server.ext'), `subjectAltName=DNS:${values.name},DNS:localhost,IP:127.0.0.1\n`);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '825', '-extfile', 'server.ext'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed);
}
console.log(
  [
    `${users.length} users in ${folder}; keys in ${join(folder, 'keys')}, the certificate for clients is ${join(folder, 'tls/ca.pem')}`,
    `${cellCount} ${shared === undefined ? 'cells, one for each host' : 'cells, which hosts share'}: make their streams with rxnetlink fleet streams --cells ${cellCount}`,
  ].join('\n'),
);
