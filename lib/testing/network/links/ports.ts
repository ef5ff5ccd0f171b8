import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import type { Device } from './device.js';

const NO_MAC = '00:00:00:00:00:00';

/**
 * Makes a link a port of another one, or releases it.
 *
 * @param index - The index of the master; 0 for none.
 * @throws Rejection if that link cannot have ports.
 * @internal
 */
export function setMaster(tables: NetworkTables, port: Device, index: number): void {
  const master = index === 0 ? undefined : tables.links.byIndex(index);
  if (index !== 0 && master === undefined) throw new Rejection('EINVAL');
  if (master === port.master) return;
  if (master !== undefined && (master.facts.isMaster !== true || master === port)) throw new Rejection('EOPNOTSUPP');
  if (master?.kind === 'bridge' && port.kind === 'bridge') throw new Rejection('ELOOP', 'Can not enslave a bridge to a bridge');
  if (master?.kind === 'bond' && port.isUp) throw new Rejection('EPERM', 'Device can not be enslaved while up');
  const former = port.master;
  if (former?.kind === 'bridge') tables.forwarding.flushPort(port);
  port.master = master;
  tables.forwarding.addOwnOf(port);
  port.portData = { ...master?.facts.portData };
  tables.notify.link('new', port.row());
  for (const each of [former, master]) if (each !== undefined) portsChanged(tables, each);
}

/** Brings the address, the MTU and the carrier of a master up to date. @internal */
export function portsChanged(tables: NetworkTables, master: Device): void {
  const ports = tables.links.portsOf(master);
  const isFirst = !master.hadPorts && ports.length > 0;
  master.hadPorts ||= isFirst;
  if (master.kind === 'bridge') {
    const mac = ports.map((port) => port.mac).sort()[0] ?? NO_MAC;
    const mtu = Math.min(...ports.map((port) => port.mtu), master.facts.mtu);
    const changed = (!master.isMacSet && mac !== master.mac) || (!master.isMtuSet && mtu !== master.mtu);
    if (!master.isMacSet) master.mac = mac;
    if (!master.isMtuSet) master.mtu = mtu;
    if (changed) tables.notify.link('new', master.row());
  }
  const changed = tables.carriers.update([master]);
  tables.carriers.settle(isFirst ? [master] : changed);
}
