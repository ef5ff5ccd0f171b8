import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { rtLink, rtLinkSchema } from '../../../lib/families/rt-link.js';
import { fakeFamily, readCapture, replayKernel } from '../../../lib/testing/index.js';
import { iterateMessages } from '../../../lib/wire/index.js';
import { modules, run } from '../support.js';
import { requirePrograms, spawn } from '../../support/programs.js';

describe('a capture of tcpdump on nlmon', function () {
  this.timeout(60_000);
  let folder: string | undefined;
  before(function () {
    requirePrograms('tcpdump');
    modules('nlmon', 'dummy');
    folder = mkdtempSync(join(tmpdir(), 'nlmon-'));
    run('ip link add nlmon9 type nlmon');
    run('ip link set nlmon9 up');
  });
  after(() => {
    if (folder === undefined) return;
    run('ip link del nlmon9');
    rmSync(folder, { recursive: true });
  });

  it('is read with the directions of datagrams, and replayed to a subscriber', async () => {
    const file = join(folder!, 'seen.pcap');
    const tcpdump = spawn('tcpdump', ['-U', '-Z', 'root', '-i', 'nlmon9', '-w', file], { stdio: 'ignore' });
    const listener = rtLink().notifications('rtnlgrp-link');
    const live: string[] = [];
    const subscription = listener.subscribe(({ op, value }) => live.push(`${op} ${value.ifname ?? ''} ${value.ifiFlags}`));
    await wait(4000);
    run('ip link add vmseen type dummy');
    run('ip link set vmseen up');
    run('ip link del vmseen');
    await wait(2000);
    tcpdump.kill('SIGINT');
    await wait(2000);
    subscription.unsubscribe();

    const capture = readCapture(file);
    const sent = capture.datagrams.filter(({ direction }) => direction === 'sent').flatMap(({ bytes }) => [...iterateMessages(bytes)]);
    const family = fakeFamily(rtLinkSchema);
    expect(sent.map((message) => family.decode(message)?.op)).to.include.members(['newlink', 'dellink']);

    const replayed: string[] = [];
    const again = rtLink({ transport: replayKernel(capture, { speed: 100 }) })
      .notifications('rtnlgrp-link')
      .subscribe(({ op, value }) => replayed.push(`${op} ${value.ifname ?? ''} ${value.ifiFlags}`));
    await wait(1000);
    again.unsubscribe();
    // tcpdump changes nlmon9 before and after it captures.
    const ours = live.filter((text) => text.includes('vmseen'));
    expect(ours.length).to.be.greaterThan(2);
    expect(replayed.filter((text) => text.includes('vmseen'))).to.deep.equal(ours);
  });
});
