import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { Feature, FeatureBitmap, type AuditRule } from '../../../lib/families/audit.js';
import { EncodeError, KernelError } from '../../../lib/index.js';
import { skipBecause } from '../../support/namespace.js';
import { run, spawnSync, usePrograms } from '../../support/programs.js';
import { errorOf } from '../../support/sockets.js';
import { useTally } from '../../support/tally.js';
import { auditctlLine } from '../../families/compare/audit-text.js';
import { KEY, USER, key, ownRules, useAudit } from './audit.js';

describe('audit', () => {
  usePrograms('auditctl');
  const tally = useTally('auditctl');
  const client = useAudit();

  const status = () => lastValueFrom(client().do('get'));
  const add = (rule: AuditRule) => lastValueFrom(client().addRule(rule));
  /** Returns the lines of `auditctl -l` for the rules of this process. */
  const listed = () =>
    run('auditctl', ['-l'])
      .split('\n')
      .filter((line) => line.includes(KEY) || line.includes(String(USER)));

  it('reads the status as auditctl -s prints it', async () => {
    const printed = run('auditctl', ['-s']);
    const read = await status();
    const features = await lastValueFrom(client().do('get-feature'));
    const shown = Object.fromEntries(
      printed
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    );
    const own = {
      enabled: ['off', 'on', 'locked'].indexOf(String(read.enabled)),
      failure: ['silent', 'printk', 'panic'].indexOf(String(read.failure)),
      pid: read.pid,
      rate_limit: read.rateLimit,
      backlog_limit: read.backlogLimit,
      lost: read.lost,
      backlog: read.backlog,
      backlog_wait_time: read.backlogWaitTime,
      backlog_wait_time_actual: read.backlogWaitTimeActual,
      loginuid_immutable: (features.features & Feature.LoginuidImmutable) === 0 ? 0 : 1,
    };
    expect(Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]))).to.deep.equal(shown);
    expect(read.featureBitmap & FeatureBitmap.LostReset).to.equal(FeatureBitmap.LostReset);
    expect(printed).to.match(features.lock === 0 ? /loginuid_immutable \d unlocked/ : /loginuid_immutable \d locked/);
    tally.add(Object.keys(own).length + 1);
  });

  it('changes the status as auditctl -s then prints it, and leaves the rest', async () => {
    const before = await status();
    await lastValueFrom(client().setStatus({ backlogLimit: before.backlogLimit + 7, rateLimit: 900 }));
    expect(run('auditctl', ['-s'])).to.include(`rate_limit 900\nbacklog_limit ${before.backlogLimit + 7}\n`);
    run('auditctl', ['-f', '0', '-r', '0', '-b', String(before.backlogLimit)]);
    const after = await status();
    expect(after).to.deep.include({ failure: 'silent', rateLimit: 0, backlogLimit: before.backlogLimit, enabled: before.enabled });
    tally.add(5);
  });

  it('rejects a change without a value before it is sent', async () => {
    expect(await errorOf(client().setStatus({})))
      .to.be.instanceOf(EncodeError)
      .and.have.property('message')
      .that.matches(/set: expected one of enabled, /);
  });

  it('writes the status of terminal input, and signals', async () => {
    const before = await lastValueFrom(client().do('tty-get'));
    expect(before).to.deep.equal({ enabled: 0, logPasswd: 0 });
    await lastValueFrom(client().do('tty-set', { enabled: 1, logPasswd: 1 }));
    expect(await lastValueFrom(client().do('tty-get'))).to.deep.equal({ enabled: 1, logPasswd: 1 });
    await lastValueFrom(client().do('tty-set', before));
    expect(await errorOf(client().do('tty-set', { enabled: 2 })))
      .to.be.instanceOf(KernelError)
      .and.include({ code: 'EINVAL' });
    // No daemon has received a signal.
    expect(await lastValueFrom(client().do('signal-info'))).to.deep.include({ ctx: '' });
    await lastValueFrom(client().do('trim'));
  });

  /** The arguments that a line of auditctl and our rule stand for. */
  const RULES: readonly (readonly [arguments_: string, rule: AuditRule])[] = [
    [
      '-a always,exit -F arch=b64 -S execve,openat -F auid!=-1 -F uid>=1000 -F exit=-EACCES',
      {
        list: 'exit',
        action: 'always',
        syscalls: [59, 257],
        fields: [
          { field: 'arch', operator: '=', value: 'x86_64' },
          { field: 'auid', operator: '!=', value: 0xffff_ffff },
          { field: 'uid', operator: '>=', value: 1000 },
          { field: 'exit', operator: '=', value: -13 },
          key('0'),
        ],
      },
    ],
    [
      '-a never,exit -F arch=b64 -S all -F path=/etc/shadow -F perm=wa -F success=1',
      {
        list: 'exit',
        action: 'never',
        syscalls: 'all',
        fields: [
          { field: 'arch', operator: '=', value: 'x86_64' },
          { field: 'path', operator: '=', value: '/etc/shadow' },
          { field: 'perm', operator: '=', value: 'wa' },
          { field: 'success', operator: '=', value: 1 },
          key('1'),
        ],
      },
    ],
    [
      '-A always,exit -F arch=b64 -S unlink,unlinkat -F dir=/etc/ssl -F filetype=dir -F a0&0x10 -F a1&=0x200',
      {
        list: 'exit',
        action: 'always',
        prepend: true,
        syscalls: [87, 263],
        fields: [
          { field: 'arch', operator: '=', value: 'x86_64' },
          { field: 'dir', operator: '=', value: '/etc/ssl' },
          { field: 'filetype', operator: '=', value: 'dir' },
          { field: 'a0', operator: '&', value: 0x10 },
          { field: 'a1', operator: '&=', value: 0x200 },
          key('2'),
        ],
      },
    ],
    [
      '-a always,exit -F arch=b64 -S open -C auid!=obj_uid -F exe=/usr/bin/cat -F ppid<5 -F pid<=6 -F gid>7',
      {
        list: 'exit',
        action: 'always',
        syscalls: [2],
        fields: [
          { field: 'arch', operator: '=', value: 'x86_64' },
          { field: 'field_compare', operator: '!=', value: ['auid', 'obj_uid'] },
          { field: 'exe', operator: '=', value: '/usr/bin/cat' },
          { field: 'ppid', operator: '<', value: 5 },
          { field: 'pid', operator: '<=', value: 6 },
          { field: 'gid', operator: '>', value: 7 },
          key('3'),
        ],
      },
    ],
    [
      `-a never,user -F uid=${String(USER)}`,
      { list: 'user', action: 'never', syscalls: 'all', fields: [{ field: 'uid', operator: '=', value: USER }] },
    ],
    [`-a never,task -F uid=${String(USER)}`, { list: 'task', action: 'never', fields: [{ field: 'uid', operator: '=', value: USER }] }],
    [
      `-a always,exclude -F msgtype=USER_LOGIN -F uid=${String(USER)}`,
      {
        list: 'exclude',
        action: 'always',
        syscalls: 'all',
        fields: [
          { field: 'msgtype', operator: '=', value: 'USER_LOGIN' },
          { field: 'uid', operator: '=', value: USER },
        ],
      },
    ],
  ];

  it('reads the rules that auditctl adds', async function () {
    if (process.arch !== 'x64') skipBecause(this, 'the names of the system calls are those of x86_64');
    for (const [index, [line, rule]] of RULES.entries()) {
      run('auditctl', [...line.split(' '), ...(rule.list === 'exit' ? ['-F', `key=${KEY}-${String(index)}`] : [])]);
      const [read, ...others] = await ownRules(client());
      expect(others).to.deep.equal([]);
      await lastValueFrom(client().deleteRule(read!));
      const { prepend: _unlisted, ...expected } = rule;
      expect(read).to.deep.equal(expected);
      tally.add(3 + rule.fields.length * 3);
    }
  });

  it('adds rules as auditctl -l prints them, and deletes them', async function () {
    if (process.arch !== 'x64') skipBecause(this, 'the names of the system calls are those of x86_64');
    for (const [, rule] of RULES) {
      await add(rule);
      const [line] = listed();
      expect(line).to.equal(auditctlLine(rule));
      tally.add(3 + rule.fields.length * 3);
      // The kernel stores a rule without the flag, and does not notice that one with the flag is equal.
      if (rule.prepend !== true)
        expect(await errorOf(client().addRule(rule)))
          .to.be.instanceOf(KernelError)
          .and.include({ code: 'EEXIST' });
      await lastValueFrom(client().deleteRule(rule));
      expect(listed()).to.deep.equal([]);
      expect(await errorOf(client().deleteRule(rule)))
        .to.be.instanceOf(KernelError)
        .and.include({ code: 'ENOENT' });
    }
  });

  it('puts rules in front of others, and lists them in the order of the kernel', async () => {
    const rule = (suffix: string, prepend: boolean): AuditRule => ({
      list: 'user',
      action: 'never',
      ...(prepend && { prepend }),
      fields: [{ field: 'uid', operator: '=', value: 4711 }, key(suffix)],
    });
    for (const [suffix, prepend] of [
      ['a', false],
      ['b', false],
      ['c', true],
    ] as const)
      await add(rule(suffix, prepend));
    expect((await ownRules(client())).map(({ fields }) => fields[1]!.value)).to.deep.equal(
      ['c', 'a', 'b'].map((suffix) => `${KEY}-${suffix}`),
    );
    expect(listed().map((line) => line.split('=').at(-1))).to.deep.equal(['c', 'a', 'b'].map((suffix) => `${KEY}-${suffix}`));
  });

  it('is rejected by the kernel without CAP_AUDIT_CONTROL', () => {
    const script = `
      const { audit } = await import('./lib/families/audit.ts');
      audit().do('get').subscribe({ error: (error) => console.log(error.code) });`;
    const { stdout, stderr, status } = spawnSync(
      'setpriv',
      [
        '--bounding-set=-audit_control',
        '--inh-caps=-audit_control',
        process.execPath,
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        script,
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stdout: stdout.trim() }, stderr).to.deep.equal({ status: 0, stdout: 'EPERM' });
  }).timeout(20_000);
});
