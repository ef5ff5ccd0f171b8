import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { joinRecords, type AuditRecord, type AuditRule } from '../../../lib/families/audit.js';
import { EncodeError } from '../../../lib/index.js';
import { skipBecause } from '../../support/namespace.js';
import { run, spawnSync, usePrograms } from '../../support/programs.js';
import { collect, errorOf, until } from '../../support/sockets.js';
import { useTally } from '../../support/tally.js';
import { KEY, USER, key, useAudit } from './audit.js';

describe('records of audit', () => {
  usePrograms('auditctl');
  const tally = useTally('auditctl and mkdir');
  const client = useAudit();
  const add = (rule: AuditRule) => lastValueFrom(client().addRule(rule));
  const status = () => lastValueFrom(client().do('get'));
  let records: ReturnType<typeof collect<AuditRecord>>;
  const ofOwn = (type: string) => records.values.filter((record) => record.type === type && record.text.includes(KEY));

  beforeEach(async () => {
    await lastValueFrom(client().setStatus({ enabled: 'on', failure: 'silent' }));
    records = collect(client().records());
  });
  afterEach(() => {
    records.stop();
  });

  it('report rules that are added and deleted', async () => {
    const rule: AuditRule = { list: 'user', action: 'never', fields: [{ field: 'uid', operator: '=', value: USER }, key('4')] };
    await add(rule);
    await until('the addition', () => ofOwn('CONFIG_CHANGE').length > 0);
    await lastValueFrom(client().deleteRule(rule));
    await until('the deletion', () => ofOwn('CONFIG_CHANGE').length > 1);
    const [added, removed] = ofOwn('CONFIG_CHANGE');
    // AUDIT_FILTER_USER
    expect(added!.fields).to.include({ op: 'add_rule', key: `${KEY}-4`, list: '0', res: '1' });
    expect(removed!.fields).to.include({ op: 'remove_rule', key: `${KEY}-4`, list: '0', res: '1' });
    expect(Math.abs(added!.time - Date.now())).to.be.lessThan(60_000);
    expect(removed!.serial).to.be.greaterThan(added!.serial);
  });

  it('report messages of programs, of this client and of auditctl', async () => {
    await lastValueFrom(client().sendMessage('TRUSTED_APP', `op=test key="${KEY}" acct="root" res=success`));
    run('auditctl', ['-m', `${KEY} plain text`]);
    await until('both messages', () => ofOwn('TRUSTED_APP').length > 0 && ofOwn('USER').length > 0);
    const [own] = ofOwn('TRUSTED_APP');
    expect(own!.fields).to.include({ pid: String(process.pid), uid: '0' });
    expect({ ...own!.message }).to.deep.equal({ op: 'test', key: KEY, acct: 'root', res: 'success' });
    const [theirs] = ofOwn('USER');
    // libaudit writes the text in hexadecimal digits, because it has blanks.
    expect(Buffer.from(theirs!.message!['text'] ?? theirs!.fields['msg'] ?? '', 'utf8').toString()).to.include(KEY);
    tally.add(6);
  });

  it('reject messages that are longer than the limit of the kernel, and types of the kernel', async () => {
    expect(await errorOf(client().sendMessage('TRUSTED_APP', 'x'.repeat(8560)))).to.be.instanceOf(EncodeError);
    expect(await errorOf(client().sendMessage('TRUSTED_APP', ''))).to.be.instanceOf(EncodeError);
    expect(await errorOf(client().sendMessage('SYSCALL', 'x')))
      .to.be.instanceOf(EncodeError)
      .and.have.property('path', '.type');
    await lastValueFrom(client().sendMessage('TRUSTED_APP', `${KEY} `.padEnd(8559, 'x')));
    await until('the longest message', () => ofOwn('TRUSTED_APP').length > 0);
    expect(ofOwn('TRUSTED_APP')[0]!.fields['msg']).to.have.lengthOf(8559);
  });

  it('of a system call are joined to one event, with the path as the program gave it', async function () {
    if (process.arch !== 'x64') skipBecause(this, 'the numbers of the system calls are those of x86_64');
    const folder = `/tmp/${KEY} folder`;
    const events = collect(
      client()
        .records()
        .pipe(joinRecords({ timeout: 1000 })),
    );
    await add({
      list: 'exit',
      action: 'always',
      syscalls: [83], // mkdir
      fields: [{ field: 'arch', operator: '=', value: 'x86_64' }, key('mkdir')],
    });
    try {
      run('python3', ['-S', '-E', '-c', `import os, sys; os.mkdir(sys.argv[1])`, folder]);
    } finally {
      spawnSync('rmdir', [folder]);
    }
    // Other processes create folders.
    const own = () =>
      events.values.filter(({ records: all }) => all.some(({ type, fields }) => type === 'PATH' && fields['name'] === folder));
    await until('the event', () => own().length > 0);
    const [event] = own();
    const byType = new Map(event!.records.map((record) => [record.type, record]));
    expect(event!.complete).to.equal(true);
    expect([...byType.keys()]).to.include.members(['SYSCALL', 'CWD', 'PATH', 'PROCTITLE']);
    expect([...byType.keys()]).to.not.include('EOE');
    expect(byType.get('SYSCALL')!.fields).to.include({
      key: `${KEY}-mkdir`,
      syscall: '83',
      success: 'yes',
      exit: '0',
      uid: '0',
      arch: 'c000003e',
    });
    expect(byType.get('SYSCALL')!.fields['exe']).to.match(/python3/);
    const created = event!.records.find(({ type, fields }) => type === 'PATH' && fields['nametype'] === 'CREATE');
    expect(created!.fields['name']).to.equal(folder);
    expect(created!.text).to.include('name=2F');
    expect(byType.get('PROCTITLE')!.fields['proctitle']!.split('\0').at(-1)).to.equal(folder);
    expect(byType.get('CWD')!.fields['cwd']).to.equal(process.cwd());
    tally.add(9);
    events.stop();
  }).timeout(20_000);

  it('that the rate limit dropped are counted, and the count is reset', async () => {
    await lastValueFrom(client().resetLost());
    await lastValueFrom(client().setStatus({ rateLimit: 1 }));
    for (let index = 0; index < 20; index++) await lastValueFrom(client().sendMessage('TRUSTED_APP', `${KEY} ${String(index)}`));
    await lastValueFrom(client().setStatus({ rateLimit: 0 }));
    const { lost } = await status();
    expect(lost).to.be.greaterThan(5);
    expect(await lastValueFrom(client().resetLost())).to.be.at.least(lost);
    expect((await status()).lost).to.be.lessThan(lost);
    expect(await lastValueFrom(client().resetLost())).to.be.lessThan(lost);
  });
});
