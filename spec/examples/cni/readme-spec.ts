import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { Scene } from '../../docs/cookbook/scene.js';
import { needsChildNode } from '../../support/emulator.js';
import { namespaceError, skipBecause } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { commandsBelow } from '../readme.js';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the commands of examples/cni/README.md', function () {
  this.timeout(60_000);
  let scene: Scene | undefined;
  // The commands write files into the working directory.
  let folder: string | undefined;
  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    needsChildNode(this);
    requirePrograms('nft', 'ping');
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-cni-'));
    scene = new Scene();
  });
  after(() => {
    scene?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('connect a container, check it, and leave nothing behind', async () => {
    for (const name of ['examples', 'node_modules']) symlinkSync(join(ROOT, name), join(folder!, name));
    await scene!.open();
    const before = scene!.sh('ip -o link');
    const shell = scene!.start('bash', ['-ec', `cd "$0"\n${commandsBelow('examples/cni/README.md', 'Run it')}`, folder!]);
    const output = await shell.end();
    expect(output)
      .to.match(/inet 10\.1\.0\.2\/24 .* eth0/)
      .and.include(' 0% packet loss')
      .and.include('as it should be');
    expect(readdirSync(folder!)).to.have.members(['examples', 'node_modules']);
    expect([scene!.sh('ip -o link'), scene!.sh('ip netns list'), scene!.sh('nft list ruleset')]).to.deep.equal([before, '', '']);
  });
});
