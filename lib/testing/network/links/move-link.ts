import { IfinfoFlags } from '../../../families/generated/rt-link.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import type { Device } from './device.js';
import { setMaster } from './ports.js';

/** ifi_change of the notification about a link that comes or goes. */
const ALL_FLAGS = 0xffff_ffff;

/**
 * Moves a link to another namespace (`__dev_change_net_namespace()`): down, without a master, and without what other tables have on it.
 *
 * @param name - The name that the link gets if another link there has its own.
 * @throws Rejection
 * @internal
 */
export function moveLink(former: NetworkTables, device: Device, target: NetworkTables, name: string | undefined): void {
  const { facts, altnames } = device;
  if (facts.isImmovable === true) throw new Rejection('EINVAL', 'The interface netns is immutable');
  const wanted = target.links.byName(device.name) === undefined ? device.name : name;
  if (wanted === undefined) throw new Rejection('EEXIST', 'An interface with the same name exists in the target netns');
  const taken = altnames.find((altname) => target.links.byName(altname) !== undefined);
  if (taken !== undefined) throw new Rejection('EEXIST', `An interface with the altname ${taken} exists in the target netns`);
  const free = target.links.newName(wanted);
  close(former, device);
  leave(former, device);
  former.notify.link('del', device.row(undefined, ALL_FLAGS));
  device.name = free;
  if (target.links.byIndex(device.index) !== undefined) device.index = target.links.newIndex(0);
  device.forgetSettings();
  target.links.add(device);
  target.notify.link('new', device.row(undefined, ALL_FLAGS));
}

/** Sets a link down that goes away. @internal */
export function close(home: NetworkTables, device: Device): void {
  if (!device.isUp) return;
  device.flags &= ~IfinfoFlags.Up;
  const carriers = home.carriers.update([device, device.peer]);
  home.notify.link('new', device.row(undefined, IfinfoFlags.Up));
  home.wentDown(device);
  home.carriers.settle([...carriers, ...home.carriers.update(home.carriers.above(device))]);
}

/** Takes a link out of the tables of its namespace. @internal */
export function leave(home: NetworkTables, device: Device): void {
  for (const port of home.links.portsOf(device)) setMaster(home, port, 0);
  if (device.master !== undefined) setMaster(home, device, 0);
  home.goes(device);
  home.links.remove(device);
}
