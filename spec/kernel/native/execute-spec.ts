import { expect } from 'chai';
import { runBare } from './bare-node.js';
import { needsOtherUsers } from './needs.js';
import { namespaceError, useNamespace } from '../../support/namespace.js';
import { run } from '../../support/programs.js';

const [EPERM, ENOENT, EBADF, EINVAL] = [-1, -2, -9, -22];

/** Converts strings for `execute`. */
const BYTES = `const bytes = (...strings) => Buffer.from(strings.map((string) => string + '\\0').join(''));`;

describe('native execute', () => {
  before(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
  });
  const namespace = useNamespace();

  it('replaces the process by a program in the namespace, with its arguments, environment and descriptors', () => {
    const command = 'echo "[\\"$0\\", \\"$1\\", \\"$A\\", $$, \\"$(readlink /proc/self/ns/net)\\"]"';
    const [zero, one, a, pid, inside] = runBare<[string, string, string, number, string]>(`${BYTES}
      const netns = require('node:fs').openSync(${JSON.stringify(namespace().path)}, 'r');
      if (addon.enterNamespace(netns) !== 0) print('not entered');
      const environment = bytes('A=b c', 'PATH=' + process.env.PATH);
      print(addon.execute(bytes('sh'), bytes('x', '-c', ${JSON.stringify(command)}, 'zero', 'one'), environment, undefined, undefined, 3));`);
    expect([zero, one, a]).to.deep.equal(['zero', 'one', 'b c']);
    expect(pid).to.be.greaterThan(1);
    expect(inside).to.equal(run('nsenter', [`--net=${namespace().path}`, '--', 'readlink', '/proc/self/ns/net']).trim());
  });

  it('returns the step that failed', () => {
    const results = runBare<unknown[]>(`${BYTES}
      // This user may have a folder in PATH that it may not search.
      process.env.PATH = '/usr/bin:/bin';
      const execute = (file, user, group) => addon.execute(file, bytes('x'), bytes('A=b'), user, group, 3);
      print([
        addon.enterNamespace(9999),
        addon.enterNamespace(require('node:fs').openSync('/proc/self/ns/mnt', 'r')),
        execute(bytes('/nowhere/program')),
        execute(bytes('no-such-program')),
        execute(Buffer.from('no NUL at the end')),
        execute(new Uint8Array(0)),
        execute('text'),
      ]);`);
    const failed = (errno: number) => ({ step: 'execute', errno });
    expect(results).to.deep.equal([EBADF, EINVAL, failed(ENOENT), failed(ENOENT), failed(EINVAL), failed(EINVAL), failed(EINVAL)]);
  });

  it('changes user and group before the program starts, and drops the other groups', function () {
    needsOtherUsers(this);
    const script = (user: string, group: string) => `${BYTES}
      const command = "awk '/^(Uid|Gid):/ { print $2 } /^Groups:/ { print NF - 1 }' /proc/self/status | paste -sd, | sed 's/.*/[&]/'";
      print(addon.execute(bytes('sh'), bytes('sh', '-c', command), bytes('PATH=' + process.env.PATH), ${user}, ${group}, 3));`;
    const member = ['setpriv', '--groups', '1,2,3'];
    expect(runBare(script('65534', '65533'), member)).to.deep.equal([65534, 65533, 0]);
    expect(runBare(script('undefined', '65533'), member)).to.deep.equal([0, 65533, 0]);
    expect(runBare(script('undefined', 'undefined'), member)).to.deep.equal([0, 0, 3]);
    const without = ['setpriv', '--bounding-set', '-setuid', '--inh-caps', '-setuid'];
    expect(runBare(script('65534', 'undefined'), without)).to.deep.equal({ step: 'user', errno: EPERM });
  });
});
