import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/place.js';
import { compile, keptFolder } from '../support/programs.js';
import type { Peer, Work } from './peer.js';

const here = import.meta.dirname;
const GO_LIBRARIES = '/usr/share/gocode';

function debian(name: string): string {
  return command('dpkg-query', '-W', name).trim().split('\t')[1]!;
}

function installedNetlink(): string {
  const path = join(here, '../node_modules/netlink/package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/** Builds a Go program of this folder with the libraries in the folder of Debian's packages. */
function go(name: string, ...shared: readonly string[]): string {
  const folder = join(keptFolder, 'bench-go');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, name);
  const env = { GO111MODULE: 'off', GOPATH: GO_LIBRARIES, GOFLAGS: '', GOCACHE: join(folder, 'cache') };
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  command('env', ...settings, 'go', 'build', '-o', program, ...['lines', ...shared, name].map((file) => join(here, `${file}.go`)));
  return program;
}

function goPeer(name: string, library: string, works: readonly Work[], more: Partial<Peer> = {}): Peer {
  const debianPackage = `golang-github-${library.replace('/', '-')}-dev`;
  return {
    name: `Go ${library}`,
    works,
    install: `apt-get install golang-go ${debianPackage}`,
    version: () => `${debian(debianPackage)}, ${command('go', 'version').split(' ')[2]!}`,
    build: (args) => [go(name), ...args],
    ...more,
  };
}

/** Returns the peer that reads packets with a Go library; Debian packages one of the two. */
function packetPeer(name: 'nfqueue' | 'nflog', work: Work, debianPackage?: string): Peer {
  const folder = `${GO_LIBRARIES}/src/github.com/florianl/go-${name}`;
  const clone = `git clone https://github.com/florianl/go-${name} ${folder}`;
  return {
    name: `Go florianl/go-${name}`,
    works: [work],
    install: `apt-get install golang-go golang-github-mdlayher-netlink-dev ${debianPackage ?? ''}${debianPackage === undefined ? `&& ${clone}` : ''}`,
    rounds: 5,
    version: () => {
      if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
      return debianPackage === undefined ? command('go', 'version').split(' ')[2]! : debian(debianPackage);
    },
    build: (args) => [go(name, 'packets'), ...args],
  };
}

/** All peers, installed or not. */
export const peers: readonly Peer[] = [
  {
    name: 'libmnl in C',
    works: ['raw', 'sequential'],
    install: 'apt-get install libmnl-dev',
    version: () => debian('libmnl-dev'),
    build: (args) => [compile('peers/libmnl.c', '-lmnl'), ...args],
  },
  goPeer('mdlayher', 'mdlayher/netlink', ['raw', 'sequential']),
  goPeer('mdlayher', 'mdlayher/netlink', ['raw'], { name: 'Go mdlayher/netlink, GOGC=400', env: { GOGC: '400' } }),
  goPeer('rtnetlink', 'jsimonetti/rtnetlink', ['typed'], { rounds: 5 }),
  goPeer('vishvananda', 'vishvananda/netlink', ['typed'], { rounds: 5 }),
  goPeer('vishvananda-links', 'vishvananda/netlink', ['links']),
  {
    name: 'npm netlink',
    works: ['list', 'sequential'],
    install: 'npm --prefix bench install',
    rounds: 3,
    version: installedNetlink,
    build: (args) => [process.execPath, join(here, 'npm-netlink.mjs'), ...args],
  },
  {
    name: 'ip -j and JSON.parse',
    works: ['list'],
    install: 'apt-get install iproute2',
    rounds: 3,
    version: () => command('ip', '-V').trim().replace('ip utility, ', ''),
    build: () => [process.execPath, join(here, 'ip-json.mjs')],
  },
  {
    name: 'pyroute2',
    works: ['list'],
    install: 'apt-get install python3-pyroute2',
    rounds: 3,
    routes: 10_000,
    version: () => debian('python3-pyroute2'),
    // Debian's Python has the package. With -P, Python does not import this program as the module of the same name.
    build: () => ['/usr/bin/python3', '-P', join(here, 'pyroute2.py')],
  },
  {
    name: 'ip -batch',
    works: ['writes'],
    install: 'apt-get install iproute2',
    version: () => command('ip', '-V').trim().replace('ip utility, ', ''),
    build: (args) => [process.execPath, join(here, 'ip-batch.mjs'), ...args],
  },
  {
    name: 'ss',
    works: ['sockets', 'sockets-info'],
    install: 'apt-get install iproute2',
    rounds: 5,
    version: () => command('ss', '-V').trim().replace('ss utility, ', ''),
    build: (args) => [compile('peers/ss.c'), ...args],
  },
  packetPeer('nfqueue', 'packets-queue', 'golang-github-florianl-go-nfqueue-dev'),
  packetPeer('nflog', 'packets-log'),
];
