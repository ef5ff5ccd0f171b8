import { resolve } from 'node:path';
import { expect } from 'chai';
import { Scene } from '../../docs/cookbook/scene.js';
import { needsChildNode } from '../../support/emulator.js';
import { namespaceError, skipBecause } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { requirePrograms } from '../../support/programs.js';
import { commandsBelow } from '../readme.js';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the laboratory of examples/failover', function () {
  this.timeout(60_000);
  // Its folder /run/netns is not that of the machine: the names of the README may be in use.
  let scene: Scene | undefined;
  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    needsChildNode(this);
    requirePrograms('python3', 'sysctl');
    scene = new Scene();
  });
  after(() => scene?.close());

  it('moves the default route as its commands print it, and leaves nothing behind', async () => {
    await scene!.open();
    const shell = scene!.start('bash', ['-ec', `cd "$0"\n${commandsBelow('examples/failover/README.md', 'Try it in a laboratory')}`, ROOT]);
    await shell.until('the routes and rules are deleted', 45);
    await shell.end();
    const routes = [...shell.output.matchAll(/^default via \S+ dev (\S+)/gm)].map(([, link]) => link);
    expect(routes, shell.output).to.deep.equal(['fibre0', 'lte0', 'fibre0']);
    expect(shell.output).to.include('the default route leaves by lte');
    expect(scene!.sh('ip netns list')).to.equal('');
  }).timeout(60_000 * PATIENCE);
});
