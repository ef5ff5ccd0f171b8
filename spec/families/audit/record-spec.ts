import { expect } from 'chai';
import fc from 'fast-check';
import { AuditRecordType, decodeAuditRecord, type AuditFields } from '../../../lib/families/audit.js';
import { DecodeError } from '../../../lib/index.js';
import { Unavailable } from '../../support/unavailable.js';
import { spawnSync } from '../../support/programs.js';

const STAMP = 'audit(1364481363.243:24287): ';
const { SYSCALL, PATH, EXECVE, PROCTITLE, CONFIG_CHANGE, EOE, USER_LOGIN, AVC, TTY } = AuditRecordType;

const fieldsOf = (type: number, text: string): AuditFields => decodeAuditRecord(type, STAMP + text).fields;

/** Prints the name that libaudit has for each number up to 2999, by number. */
const NAMES = `
import ctypes, json
library = ctypes.CDLL('libaudit.so.1')
library.audit_msg_type_to_name.restype = ctypes.c_char_p
names = {number: library.audit_msg_type_to_name(number) for number in range(1000, 3000)}
print(json.dumps({name.decode(): number for number, name in names.items() if name}))
`;

describe('decodeAuditRecord', () => {
  it('decodes the time, the serial number and the fields of a system call', () => {
    const text =
      'arch=c000003e syscall=59 success=yes exit=0 a0=55d8c0 a1=7ffc items=2 ppid=2686 pid=3538 auid=1000 uid=0 tty=pts0 ses=1 ' +
      'comm="cat" exe="/usr/bin/cat" subj=unconfined key="reads"';
    const { time, serial, type, fields, message, text: rest } = decodeAuditRecord(SYSCALL, `${STAMP}${text}\n`);
    expect({ time, serial, type, message, rest }).to.deep.equal({
      time: Date.parse('2013-03-28T14:36:03.243Z'),
      serial: 24287,
      type: 'SYSCALL',
      message: undefined,
      rest: text,
    });
    expect(Object.entries(fields)).to.deep.equal([
      ['arch', 'c000003e'],
      ['syscall', '59'],
      ['success', 'yes'],
      ['exit', '0'],
      ['a0', '55d8c0'],
      ['a1', '7ffc'],
      ['items', '2'],
      ['ppid', '2686'],
      ['pid', '3538'],
      ['auid', '1000'],
      ['uid', '0'],
      ['tty', 'pts0'],
      ['ses', '1'],
      ['comm', 'cat'],
      ['exe', '/usr/bin/cat'],
      ['subj', 'unconfined'],
      ['key', 'reads'],
    ]);
  });

  it('decodes text in hexadecimal digits, and leaves numbers as they are', () => {
    expect(fieldsOf(PATH, 'item=0 name=2F746D702F612062 inode=10 dev=FD00 mode=0100644').name).to.equal('/tmp/a b');
    expect(fieldsOf(PATH, 'name="4142"')).to.include({ name: '4142' });
    expect(fieldsOf(PROCTITLE, 'proctitle=636174002F6574632F706173737764')).to.include({ proctitle: 'cat\0/etc/passwd' });
    expect(fieldsOf(TTY, 'major=136 minor=0 data=6C730D')).to.include({ major: '136', data: 'ls\r' });
    expect(fieldsOf(SYSCALL, 'exit=10 pid=42 key=66697273740173656'.concat('36F6E64'))).to.include({
      exit: '10',
      pid: '42',
      key: 'first\x01second',
    });
    expect(fieldsOf(PATH, 'name=C3A9')).to.include({ name: 'é' });
  });

  it('decodes the arguments of a program, and leaves those of a system call', () => {
    expect(fieldsOf(EXECVE, 'argc=3 a0="ls" a1=2D6C2061 a2[0]=4142 a2_len=40')).to.include({
      a0: 'ls',
      a1: '-l a',
      'a2[0]': 'AB',
      a2_len: '40',
    });
    expect(fieldsOf(SYSCALL, 'a0=41 a1=42')).to.include({ a0: '41', a1: '42' });
  });

  it('has null for a value that the kernel does not have', () => {
    expect(fieldsOf(SYSCALL, 'key=(null) tty=(none)')).to.include({ key: null, tty: '(none)' });
    expect(fieldsOf(SYSCALL, 'key="(null)"')).to.include({ key: '(null)' });
  });

  it('decodes the message of a program apart from the fields of the kernel', () => {
    const { fields, message } = decodeAuditRecord(
      USER_LOGIN,
      `${STAMP}pid=28915 uid=0 msg='op=login acct="root" uid=4711 exe="/usr/sbin/sshd" hostname=? addr=10.0.0.1, res=success it's'\0`,
    );
    expect(fields).to.include({ pid: '28915', uid: '0' });
    expect(fields['op']).to.equal(undefined);
    expect(message).to.include({
      op: 'login',
      acct: 'root',
      uid: '4711',
      exe: '/usr/sbin/sshd',
      hostname: '?',
      addr: '10.0.0.1',
      res: 'success',
    });
    expect(decodeAuditRecord(CONFIG_CHANGE, `${STAMP}msg='a=1'`).message).to.equal(undefined);
  });

  it('keeps the first value of a name, and names that objects have', () => {
    const fields = fieldsOf(SYSCALL, 'uid=0 __proto__=x uid=1 constructor=y');
    expect(Object.entries(fields)).to.deep.equal([
      ['uid', '0'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('skips words without =, and decodes records without fields', () => {
    expect(Object.entries(fieldsOf(AVC, 'avc:  denied  { read write } for  pid=3538 comm="cat" dev="vda1" ino=7'))).to.deep.equal([
      ['pid', '3538'],
      ['comm', 'cat'],
      ['dev', 'vda1'],
      ['ino', '7'],
    ]);
    expect(decodeAuditRecord(EOE, STAMP)).to.deep.include({ type: 'EOE', text: '' });
    expect(fieldsOf(CONFIG_CHANGE, 'op="open key=1')).to.include({ op: '"open', key: '1' });
  });

  it('has the number of a type without a name', () => {
    expect(decodeAuditRecord(1899, STAMP).type).to.equal(1899);
  });

  for (const text of ['', 'audit(1.2:3): ', 'audit(1364481363.243:): a=1', 'type=SYSCALL audit(1364481363.243:1): ', 'audit(x.243:1): ']) {
    it(`throws a DecodeError for ${JSON.stringify(text)}`, () => {
      expect(() => decodeAuditRecord(SYSCALL, text)).to.throw(
        DecodeError,
        /audit record of type 1300: expected audit\(TIME:SERIAL\):, got /,
      );
    });
  }

  it('decodes any text behind the stamp, in time that grows with its length only', () => {
    const hostile = fc.array(fc.constantFrom('a', '=', '"', "'", ' ', ',', '{', '}', '(null)', 'name=', '41', '\\', 'é', '\n'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(hostile, fc.constantFrom(SYSCALL, EXECVE, USER_LOGIN), (parts, type) => {
        const { text } = decodeAuditRecord(type, STAMP + parts.join(''));
        expect(text).to.equal(parts.join('').replace(/[\n\0]+$/, ''));
      }),
    );
    const began = process.cpuUsage();
    decodeAuditRecord(SYSCALL, STAMP + 'a"'.repeat(100_000));
    expect(process.cpuUsage(began).user).to.be.lessThan(2_000_000);
  });
});

describe('AuditRecordType', () => {
  it('has the names of libaudit', () => {
    const { status, stdout, stderr } = spawnSync('python3', ['-S', '-E', '-c', NAMES], { encoding: 'utf8' });
    if (status !== 0) throw new Unavailable('libaudit is not installed', { detail: stderr });
    const theirs = JSON.parse(stdout) as Record<string, number>;
    // libaudit also names requests, and misses records of newer kernels.
    const records = Object.entries(theirs).filter(([, number]) => number === 1005 || number >= 1100);
    expect(AuditRecordType).to.include(Object.fromEntries(records));
    const more = Object.keys(AuditRecordType).filter((name) => !(name in theirs));
    expect(['REPLACE', 'IPE_ACCESS', 'IPE_CONFIG_CHANGE', 'IPE_POLICY_LOAD']).to.include.members(more);
  });
});
