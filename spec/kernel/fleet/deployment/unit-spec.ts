import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { FLEET_COMMANDS } from '../../../../lib/cli/fleet/commands.js';
import { PATIENCE } from '../../../support/patience.js';
import { requirePrograms, spawnSync } from '../../../support/programs.js';
import { root } from '../../cli/command.js';
import { Deployment } from './deployment.js';

const UNIT = join(root, 'docs/fleet/rxnetlink-agent.service');
const COMPOSE = join(root, 'docs/fleet/compose.yaml');

describe('the unit of docs/fleet', function () {
  this.timeout(120_000 * PATIENCE);

  it('has no error by `systemd-analyze verify`', () => {
    requirePrograms('systemd-analyze');
    const folder = mkdtempSync(join(tmpdir(), 'rxnl-unit-'));
    try {
      const file = join(folder, 'rxnetlink-agent.service');
      const verify = (text: string): readonly unknown[] => {
        writeFileSync(file, text);
        const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
        return [status, stdout, stderr];
      };
      // The command is installed elsewhere here.
      const text = readFileSync(UNIT, 'utf8').replace('ExecStart=/usr/local/bin/rxnetlink', `ExecStart=${process.execPath}`);
      expect(verify(text)).to.deep.equal([0, '', '']);
      expect(verify(text.replace('ProtectHome=yes', 'ProtectHome=perhaps'))[2]).to.match(/ProtectHome/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the compose file of docs/fleet', () => {
  interface Service {
    readonly command: readonly string[];
    readonly volumes?: readonly string[];
    readonly network_mode?: string;
    readonly cap_drop?: readonly string[];
    readonly read_only?: boolean;
    readonly secrets?: readonly string[];
  }
  interface Compose {
    readonly services: Readonly<Record<'nats' | 'agent', Service>>;
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  }

  it('is marked as untried, and has the options of the command and the files of prepare.mjs', () => {
    const text = readFileSync(COMPOSE, 'utf8');
    expect(text).to.match(/^# UNTRIED/);
    const { services, secrets } = parse(text) as Compose;
    expect(services.agent).to.include({ network_mode: 'host', read_only: true });
    expect(services.agent.cap_drop).to.deep.equal(['ALL']);
    const used = services.agent.command.flatMap((word) => /^\/run\/secrets\/(.+)$/.exec(word)?.[1] ?? []);
    expect(used).to.have.members(services.agent.secrets!);
    expect(Object.keys(secrets)).to.have.members(used);
    const known = new Set(FLEET_COMMANDS.find(({ name }) => name === 'agent')!.options!.map(({ flags }) => flags.split(' ')[0]));
    for (const word of services.agent.command) if (word.startsWith('--')) expect(known, word).to.include(word);
    const deployment = new Deployment();
    try {
      deployment.prepare(['HOST']);
      for (const { file } of Object.values(secrets))
        expect(existsSync(file.replace('./deployment', deployment.folder)), file).to.equal(true);
      expect(services.nats.command).to.deep.equal(['--config', '/deployment/nats-server.conf']);
      expect(existsSync(join(deployment.folder, 'nats-server.conf'))).to.equal(true);
    } finally {
      rmSync(deployment.folder, { recursive: true, force: true });
    }
  });
});
