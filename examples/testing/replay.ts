/*
 * Prints the link events of a capture with their original delays.
 *
 *   node --import tsx examples/testing/replay.ts capture.pcap [speed]
 *
 * Make one with `ip link add nlmon0 type nlmon; ip link set nlmon0 up; tcpdump -i nlmon0 -w capture.pcap`, or with record().
 */
import { map, takeUntil, timer } from 'rxjs';
import { rtLink } from 'rxnetlink/families/rt-link';
import { readCapture, replayKernel } from 'rxnetlink/testing';

const [path = '', speed = '1'] = process.argv.slice(2);
const { datagrams } = readCapture(path);
const duration = (datagrams.at(-1)?.time ?? 0) - (datagrams[0]?.time ?? 0);

const link = rtLink({ transport: replayKernel({ datagrams }, { speed: Number(speed) }) });
link
  .notifications('rtnlgrp-link')
  .pipe(
    map(({ op, value }) => `${op === 'dellink-ntf' ? 'gone' : (value.ifiFlags & 0x10000) !== 0 ? 'up' : 'down'} ${value.ifname ?? ''}`),
    takeUntil(timer(duration / Number(speed) + 1000)),
  )
  .subscribe((line) => {
    console.log(line);
  });
