/*
 * Compiled with all other files, never run: the types of sockets and interfaces.
 */
import { expectTypeOf } from 'expect-type';
import type { networkInterfaces as nodeInterfaces } from 'node:os';
import type { Observable } from 'rxjs';
import {
  network,
  networkInterfaces,
  type NetworkInterfaces,
  type SocketEntry,
  type SocketOwners,
  type TcpSocket,
  type UdpSocket,
} from '../../lib/network/index.js';

const { sockets } = network();

/* The protocols of the filter select the type */
expectTypeOf(sockets.list({ protocol: 'tcp', state: 'listen', port: 443 })).toEqualTypeOf<Observable<readonly TcpSocket[]>>();
expectTypeOf(sockets.list({ protocol: ['tcp', 'udp'] })).toExtend<Observable<readonly (TcpSocket | UdpSocket)[]>>();
expectTypeOf(sockets.list()).toExtend<Observable<readonly SocketEntry[]>>();
expectTypeOf(sockets.list({ protocol: 'tcp', process: true })).toExtend<Observable<readonly (TcpSocket & SocketOwners)[]>>();
expectTypeOf(sockets.closed()).toExtend<Observable<TcpSocket | UdpSocket>>();
sockets.list({ protocol: 'tcp' }).subscribe(([socket]) => {
  expectTypeOf(socket!.local.port).toEqualTypeOf<number>();
  expectTypeOf(socket!.tcp?.bytesSent).toEqualTypeOf<bigint | undefined>();
  // @ts-expect-error the processes were not requested
  socket!.owners;
});

sockets.list({ protocol: 'udp' }).subscribe(([other]) => {
  expectTypeOf(other!.tcp).toEqualTypeOf<undefined>();
});

/* Details of any protocol are read without narrowing */
sockets.list().subscribe(([socket]) => {
  expectTypeOf(socket!.tcp?.rtt).toEqualTypeOf<number | undefined>();
  expectTypeOf(socket!.local?.address).toEqualTypeOf<string | undefined>();
  if (socket!.protocol === 'unix') expectTypeOf(socket.unix.waiting).toEqualTypeOf<readonly number[] | undefined>();
});

/* An object is a key */
declare const socket: SocketEntry;
sockets.get(socket);
sockets.delete({ protocol: 'tcp', port: 443, state: 'listen' });
// @ts-expect-error a key names the protocol
sockets.get({ port: 443 });
// @ts-expect-error the engine cannot list SCTP sockets
sockets.list({ protocol: 'sctp' });
// @ts-expect-error the kernel reports closed TCP and UDP sockets only
sockets.closed({ protocol: 'unix' });
// @ts-expect-error there are no events of changes
sockets.watch;

/* The shape of Node.js */
expectTypeOf(networkInterfaces()).toEqualTypeOf<Observable<NetworkInterfaces>>();
expectTypeOf<NetworkInterfaces>().toExtend<ReturnType<typeof nodeInterfaces>>();
