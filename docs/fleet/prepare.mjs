// Writes what a nats-server of a fleet needs: certificates, a key for each user, and the permissions of each user.
//
//   node prepare.mjs FOLDER --name nats.example.com --hosts web-1,web-2 [--cells 8] [--readers NAME,NAME] [--operators NAME,NAME]
//
// It needs openssl and `npm install @nats-io/nats-core`. Keys and certificates that exist are kept: run it again with all hosts to add one, then
// let the server read its configuration again with `nats-server --signal reload`.
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
    cells: { type: 'string', default: '1' },
    readers: { type: 'string', default: 'reader' },
    operators: { type: 'string', default: 'operator' },
  },
});
const [folder] = positionals;
const cells = Number(values.cells);
if (folder === undefined || values.hosts === '' || !Number.isInteger(cells) || cells < 1) {
  console.error(
    'usage: node prepare.mjs FOLDER --name SERVER --hosts NAME,NAME... [--cells NUMBER] [--readers NAME,NAME...] [--operators NAME,NAME...]',
  );
  process.exit(64);
}
const hosts = values.hosts.split(',');
const [readers, operators] = [values.readers, values.operators].map((names) => names.split(',').filter((name) => name !== ''));
for (const part of ['', 'keys', 'tls']) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });

/** Returns a host's name as a part of a subject: bytes other than letters, digits and `-` become `_xx`. */
const token = (host) =>
  [...Buffer.from(host)]
    .map((byte) => [String.fromCharCode(byte), byte])
    .map(([character, byte]) => (/[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`))
    .join('');

/** Returns the cell of a host: an agent may write in no other stream. */
function cellOf(host) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < host.length; at++) hash = Math.imul(hash ^ host.charCodeAt(at), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % cells;
}

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
const READ = ['INFO', 'STREAM.INFO.*', 'STREAM.MSG.GET.*', 'CONSUMER.CREATE.>', 'CONSUMER.INFO.>', 'CONSUMER.DELETE.>', 'DIRECT.GET.>'];
/** The answers by which a slow reader slows the server down. */
const FLOW = '$JS.FC.>';
const api = (names) => names.map((name) => `$JS.API.${name}`);

/** An agent writes the state of its host, reads its own last message, and serves the netlink sockets of its host. */
const agent = (host) => {
  const name = token(host);
  const state = `rxf.state.${cellOf(host)}.${name}.>`;
  const alive = `rxf.alive.${name}`;
  return user(`agent-${name}`, {
    publish: [
      state,
      alive,
      `rxf.nl.${name}.*.*.welcome`,
      `rxf.nl.${name}.*.*.rx`,
      ...api(['INFO', 'STREAM.INFO.*', `DIRECT.GET.*.${state}`, `DIRECT.GET.*.${alive}`]),
    ],
    subscribe: [alive, `rxf.nl.${name}.open`, `rxf.nl.${name}.*.*.tx`],
  });
};

/** An operator reads the state, and opens netlink sockets of all hosts. Name single hosts in place of the first `*` to allow less. */
const operator = (name) => {
  const key = publicKey(name);
  const socket = `rxf.nl.*.${key}.*`;
  return user(
    name,
    {
      publish: [...api(READ), FLOW, 'rxf.nl.*.open', `${socket}.tx`],
      subscribe: ['rxf.alive.*', `${socket}.welcome`, `${socket}.rx`],
    },
    key,
  );
};

const users = [
  ...hosts.map(agent),
  // Read the state of all hosts.
  ...readers.map((name) => user(name, { publish: [...api(READ), FLOW], subscribe: ['rxf.alive.*'] })),
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
  `${users.length} users in ${folder}; keys in ${join(folder, 'keys')}, the certificate for clients is ${join(folder, 'tls/ca.pem')}`,
);
