import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { ioam6, type Ioam6Family } from '../../../lib/families/ioam6.js';
import { seg6, type Seg6Family } from '../../../lib/families/seg6.js';
import { stringify, type FamilyClient, type KernelError } from '../../../lib/index.js';
import { needsFamily } from '../../support/features.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { json } from './names.js';

describe('seg6', () => {
  const namespace = useNamespace();
  let client: FamilyClient<Seg6Family>;

  before(async function () {
    await needsFamily(this, 'SEG6', namespace().path);
    client = seg6({ netns: namespace().path });
    const permitted = await lastValueFrom(client.do('get-tunsrc')).catch((error: unknown) => error);
    if ((permitted as KernelError).code === 'EPERM') skipBecause(this, 'this process has no CAP_NET_ADMIN in the initial namespaces');
  });
  after(() => {
    client?.close();
  });

  it('writes the source address of encapsulated packets, which ip sr shows', async () => {
    await lastValueFrom(client.do('set-tunsrc', { dst: 'fd00::5' }));
    expect(namespace().run('ip', 'sr', 'tunsrc', 'show').trim()).to.equal('tunsrc addr fd00::5');
    namespace().run('ip', 'sr', 'tunsrc', 'set', 'fd00::6');
    expect(await lastValueFrom(client.do('get-tunsrc'))).to.deep.equal({ dst: 'fd00::6' });
  });

  it('writes, reads and deletes a key, which texts do not show', async function () {
    const secret = Buffer.from('correct horse');
    const key = { hmackeyid: 5, algid: 'sha256', secretlen: secret.length, secret } as const;
    const error: unknown = await lastValueFrom(client.do('sethmac', key)).catch((reason: unknown) => reason);
    if (error !== undefined) skipBecause(this, 'this kernel has no HMAC of segment routing', error);
    const [row] = await lastValueFrom(client.list('dumphmac'));
    expect({ ...row, secret: Buffer.from(row!.secret!) }).to.deep.equal(key);
    expect(stringify(row)).to.not.include('correct');
    expect(namespace().run('ip', 'sr', 'hmac', 'show')).to.match(/hmac 5 algo sha256 secret "correct horse"/);
    await lastValueFrom(client.do('sethmac', { hmackeyid: 5, algid: 'sha256', secretlen: 0 }));
    expect(await lastValueFrom(client.list('dumphmac'))).to.deep.equal([]);
  });

  it('names what a request lacks', async () => {
    // The kernel answers EINVAL without a reason.
    const error = (await lastValueFrom(client.do('sethmac', { hmackeyid: 5 } as never)).catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.match(/^EENCODE sethmac: 'secretlen' is missing/);
  });
});

describe('ioam6', () => {
  const namespace = useNamespace();
  let client: FamilyClient<Ioam6Family>;

  before(async function () {
    await needsFamily(this, 'IOAM6', namespace().path);
    client = ioam6({ netns: namespace().path });
    const permitted = await lastValueFrom(client.list('dump-schemas')).catch((error: unknown) => error);
    if ((permitted as KernelError).code === 'EPERM') skipBecause(this, 'this process has no CAP_NET_ADMIN in the initial namespaces');
  });
  after(() => {
    client?.close();
  });

  it('writes namespaces and schemas, which ip ioam shows, and reads what ip has written', async () => {
    await lastValueFrom(client.do('add-namespace', { nsId: 7, nsData: 5, nsDataWide: 0x1_0000_0006n }));
    await lastValueFrom(client.do('add-schema', { scId: 9, scData: Buffer.from('hello') }));
    await lastValueFrom(client.do('ns-set-schema', { nsId: 7, scId: 9 }));
    expect(json(namespace(), 'ip -j ioam namespace show')).to.deep.equal([{ namespace: 7, schema: 9, data: '5', wide: '0x100000006' }]);
    expect(json(namespace(), 'ip -j ioam schema show')).to.have.length(1);
    namespace().run('ip', 'ioam', 'namespace', 'add', '123', 'data', '0xdeadbee0');
    const rows = await lastValueFrom(client.list('dump-namespaces'));
    expect(rows.sort((one, other) => one.nsId! - other.nsId!)).to.deep.equal([
      { nsId: 7, nsData: 5, nsDataWide: 0x1_0000_0006n, scId: 9 },
      { nsId: 123, nsData: 0xdeadbee0 },
    ]);
    const [schema] = await lastValueFrom(client.list('dump-schemas'));
    expect({ ...schema, scData: Buffer.from(schema!.scData!).toString() }).to.deep.equal({ nsId: 7, scId: 9, scData: 'hello\0\0\0' });
  });

  it('separates and deletes both', async () => {
    await lastValueFrom(client.do('ns-set-schema', { nsId: 7, scNone: true }));
    expect(json(namespace(), 'ip -j ioam namespace show')).to.deep.include({ namespace: 7, data: '5', wide: '0x100000006' });
    for (const nsId of [7, 123]) await lastValueFrom(client.do('del-namespace', { nsId }));
    await lastValueFrom(client.do('del-schema', { scId: 9 }));
    expect(await lastValueFrom(client.list('dump-namespaces'))).to.deep.equal([]);
    expect(await lastValueFrom(client.list('dump-schemas'))).to.deep.equal([]);
  });

  it('names the namespace in errors', async () => {
    const error = (await lastValueFrom(client.do('del-namespace', { nsId: 99 })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.equal('ENOENT del-namespace: IOAM namespace 99');
  });
});
