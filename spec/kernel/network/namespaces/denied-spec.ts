import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { PATIENCE } from '../../../support/patience.js';
import { run } from '../../../support/programs.js';
import { useNames } from './names.js';

const ROOT = resolve(import.meta.dirname, '../../../..');

describe('namespaces: capabilities', function () {
  this.timeout(20_000 * PATIENCE);
  const names = useNames();

  it('names the capability that a verb needs, and leaves nothing behind', () => {
    const name = names.add();
    const directory = mkdtempSync(join(tmpdir(), 'rxnl-denied-'));
    const script = `
      import { lastValueFrom } from 'rxjs';
      import { namespaces, network } from '${ROOT}/lib/network/index.ts';
      const failed = (verb) => lastValueFrom(verb).then(() => 'succeeded', ({ reason, message }) => [reason, message]);
      const directory = ${JSON.stringify(directory)};
      console.log(JSON.stringify([
        await failed(namespaces.create('new', { directory })),
        await failed(namespaces.create('${name}-new')),
        await failed(namespaces.ensure('new', { directory })),
        await failed(namespaces.delete('${name}')),
        await failed(namespaces.ensureAbsent('${name}')),
        await failed(namespaces.spawn('${name}', 'true')),
        await failed(network({ netns: '${name}' }).links.list()),
        (await lastValueFrom(namespaces.ensure('${name}'))).changed.length,
      ]));`;
    const without = ['--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'];
    const output = run('setpriv', [...without, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script]);
    const place = `/run/netns/${name}`;
    expect(JSON.parse(output)).to.deep.equal([
      ['denied', 'cannot create namespace new: it needs CAP_SYS_ADMIN (EPERM)'],
      ['denied', `cannot create namespace ${name}-new: making the directory a shared mount needs CAP_SYS_ADMIN (EPERM)`],
      ['denied', 'cannot ensure namespace new: it needs CAP_SYS_ADMIN (EPERM)'],
      ['denied', `cannot delete namespace ${name}: it needs CAP_SYS_ADMIN (EPERM)`],
      ['denied', `cannot ensureAbsent namespace ${name}: it needs CAP_SYS_ADMIN (EPERM)`],
      [
        'denied',
        `cannot spawn true in ${place}: entering the namespace needs CAP_SYS_ADMIN, also in the user namespace that owns it (EPERM)`,
      ],
      ['denied', `cannot list links: entering network namespace ${place} needs CAP_SYS_ADMIN (EPERM)`],
      0,
    ]);
    expect(readdirSync(directory)).to.deep.equal([]);
    rmSync(directory, { recursive: true });
  });

  it('names the capability that the namespace of a process with more capabilities needs', () => {
    const script = `
      import { network } from '${ROOT}/lib/network/index.ts';
      network({ netns: { pid: ${process.pid} } }).links.list().subscribe({ error: ({ reason, message }) => console.log(reason, message) });`;
    const without = ['--bounding-set', '-sys_admin,-sys_ptrace', '--inh-caps', '-sys_admin,-sys_ptrace'];
    const output = run('setpriv', [...without, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script]);
    expect(output.trim()).to.equal(
      `denied cannot list links: network namespace /proc/${process.pid}/ns/net: needs CAP_SYS_PTRACE for a process of another user (EACCES)`,
    );
  });
});
