import { expect } from 'chai';
import { dcb } from '../../../lib/families/dcb.js';
import { EncodeError } from '../../../lib/errors/index.js';
import { dcbSchema } from '../../../lib/families/generated/dcb.js';
import { drbdSchema } from '../../../lib/families/generated/drbd.js';
import { ksmbdSchema } from '../../../lib/families/generated/ksmbd.js';
import { w1Schema } from '../../../lib/families/generated/w1.js';
import type { KernelError } from '../../../lib/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../../lib/testing/index.js';
import { operationCodec } from '../../../lib/schema/index.js';
import { lastValueFrom } from 'rxjs';
import { pause } from '../../support/sockets.js';
import { needsMoreThanEmulator } from '../../support/emulator.js';
import { needsLittleEndian } from '../../support/host-order.js';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const textOf = (payload: Uint8Array): string => Buffer.from(payload).toString('hex');

describe('dcb', () => {
  before(function () {
    needsLittleEndian(this);
  });

  it('encodes entries as `dcb app add dev lo dscp-prio 8:1 port-prio 80:2` does', () => {
    const message = operationCodec(dcbSchema, 'ieee-set').encode({
      ifname: 'lo',
      ieee: {
        appTable: {
          ieeeApp: [
            { selector: 5, priority: 1, protocol: 8 },
            { selector: 4, priority: 2, protocol: 80 },
          ],
        },
      },
    });
    // strace of dcb of iproute2 6.15: cmd 20, the name, the table of the attribute 13 with two structs of 4 bytes.
    expect(textOf(message)).to.equal(
      Buffer.from(hex('0014 0000 0700 0100 6c6f0000 1800 0d80 1400 0380 0800 0100 05010800 0800 0100 04025000')).toString('hex'),
    );
  });

  it('decodes settings as linux/dcbnl.h lays them out', () => {
    const pfc = `08 05 00 00 0002 0000 ${'0100000000000000'.repeat(8)} ${'0200000000000000'.repeat(8)}`;
    const ets = `01 08 00 ${'0c'.repeat(8)} ${'0d'.repeat(8)} ${'02'.repeat(8)} 0001020304050607 ${'00'.repeat(24)}`;
    const payload = hex(`0015 0000 0700 0100 6c6f0000 d000 0d80 3f00 0100 ${ets} 00 8c00 0200 ${pfc} 0500 0e00 09000000`);
    const reply = operationCodec(dcbSchema, 'ieee-get').decodePayload(payload) as {
      ieee: {
        ets: { willing: number; etsCap: number; prioTc: number[] };
        pfc: { pfcCap: number; pfcEn: number; delay: number; requests: bigint[] };
      };
      dcbx: number;
    };
    expect(reply.dcbx).to.equal(9);
    expect(reply.ieee.ets).to.deep.include({ willing: 1, etsCap: 8, prioTc: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(reply.ieee.pfc).to.deep.include({ pfcCap: 8, pfcEn: 5, delay: 512, requests: Array.from({ length: 8 }, () => 1n) });
  });

  it('emits the settings after a CEE change of a program, and after one of the driver', async () => {
    const family = fakeFamily(dcbSchema, {});
    const kernel = fakeKernel(fakeFamilies(family));
    using client = dcb({ transport: kernel });
    const events: unknown[] = [];
    const listening = client.notifications('dcb').subscribe(({ op, value }) => events.push([op, value]));
    // struct dcbmsg: the family, the command; then the name.
    const message = (type: number, command: string): void =>
      void kernel.notify(23, { type, payload: hex(`00${command} 0000 0700 0100 6c6f0000`) });
    message(79, '13');
    message(79, '09');
    message(79, '14');
    message(78, '1a');
    await pause(20);
    listening.unsubscribe();
    const of = (op: string, cmd: number): unknown => [op, { dcbFamily: 0, cmd, ifname: 'lo' }];
    expect(events).to.deep.equal([of('cee-set', 19), of('cee-set', 9), of('ieee-changed', 20), of('cee-changed', 26)]);
  });

  it('names the interface in the error of a kernel whose interface has no DCB', async function () {
    needsMoreThanEmulator(this, 'does not know requests of DCB');
    using client = dcb();
    const error = (await lastValueFrom(client.do('ieee-get', { ifname: 'lo' })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^EOPNOTSUPP ieee-get: interface 'lo'/);
  });
});

describe('drbd', () => {
  before(function () {
    needsLittleEndian(this);
  });

  it('rejects a request for a device that names none: the kernel would take device 0', () => {
    const encode = (op: string, request: object): string => textOf(operationCodec(drbdSchema, op).encode(request));
    for (const op of ['adm-invalidate', 'adm-detach', 'adm-primary', 'adm-resize', 'adm-outdate', 'adm-del-minor', 'adm-get-status'])
      expect(() => encode(op, { cfgContext: { ctxResourceName: 'r0' } }), op).to.throw(EncodeError, /minor/);
    expect(encode('adm-invalidate', { minor: 7 })).to.equal('13010000 07000000 00000000'.replaceAll(' ', ''));
  });

  it('names no device where the context names the object', () => {
    const message = operationCodec(drbdSchema, 'adm-down').encode({ cfgContext: { ctxResourceName: 'r0' } });
    expect(textOf(message)).to.equal('1b010000 ffffffff 00000000 0c000280 07000200 723000 00'.replaceAll(' ', ''));
  });
});

describe('ksmbd', () => {
  before(function () {
    needsLittleEndian(this);
  });

  it('decodes tokens and commands behind which the kernel has more bytes', () => {
    // The kernel allocates the struct with its padding, and one byte more.
    const blob = hex('0b01 0000 0d00 0e00 07000000 0200 aabb 00 000000');
    expect(operationCodec(ksmbdSchema, 'spnego-authen-request').decodePayload(blob)).to.deep.equal({
      spnegoAuthenRequest: { handle: 7, spnegoBlobLen: 2, spnegoBlob: hex('aabb') },
    });
    const command = hex('0c01 0000 1300 0c00 08000000 40000000 02000000 0102 00 00');
    expect(operationCodec(ksmbdSchema, 'rpc-request').decodePayload(command)).to.deep.equal({
      rpcRequest: { handle: 8, flags: 64, payloadSz: 2, payload: hex('0102') },
    });
  });

  it('encodes the answer about a user in 148 bytes', () => {
    const message = operationCodec(ksmbdSchema, 'login-response').encode({
      loginResponse: { handle: 7, gid: 100, uid: 1000, account: 'user', status: 1, hashSz: 16, hash: new Uint8Array(18).fill(0xee) },
    });
    const view = Buffer.from(message.subarray(4));
    expect([view.readUInt16LE(0), view.readUInt16LE(2)]).to.deep.equal([4 + 148, 5]);
    expect([view.readUInt32LE(4), view.readUInt32LE(8), view.readUInt32LE(12)]).to.deep.equal([7, 100, 1000]);
    expect([view.readUInt16LE(64), view.readUInt16LE(66), view[68]]).to.deep.equal([1, 16, 0xee]);
  });
});

describe('w1', () => {
  before(function () {
    needsLittleEndian(this);
  });

  it('encodes the request for the list of masters, and decodes a slave that came', () => {
    const message = operationCodec(w1Schema, 'request').encode({
      seq: 5,
      cnLen: 12,
      type: 'list-masters',
      id: new Uint8Array(8),
      data: new Uint8Array(),
    });
    expect(textOf(message)).to.equal(`030000000100000005000000000000000c00000006000000${'00'.repeat(8)}`);
    const answer = operationCodec(w1Schema, 'answer').decodePayload(
      hex(`03000000 01000000 00000000 00000000 0c00 0000 00 00 0000 28ff641e83160340`),
    );
    expect(answer).to.deep.include({ idx: 3, val: 1, type: 'slave-add', status: 0, id: hex('28ff641e83160340') });
  });
});
