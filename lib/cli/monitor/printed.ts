import { printable } from '../output/printable.js';
import type { Style } from '../output/style.js';
import type { MonitorEvent } from './event.js';
import type { Process } from './port-owners.js';
import { jsonText } from '../output/json-text.js';

/** An event as it is printed. */
export interface Printed {
  readonly event: MonitorEvent;
  readonly text: string;
  readonly namespace?: string;
  /** The process that asked for the change, if the kernel reports it and the process still exists. */
  readonly process?: Process;
}

/** Returns an event as a line for people. */
export function lineOf({ event, text, namespace, process }: Printed, timestamps: boolean, style: Style): string {
  const time = timestamps ? `${style.faint(new Date(event.time).toISOString())} ` : '';
  const place = namespace === undefined ? '' : `${style.bold(printable(namespace))}: `;
  const sentence = printable(text);
  return `${time}${place}${event.type === 'change' ? sentence : style.red(sentence)}${style.faint(byText(event, process))}`;
}

function byText(event: MonitorEvent, process: Process | undefined): string {
  if (process !== undefined) return ` (by ${printable(process.command)}, process ${String(process.processId)})`;
  return event.type === 'change' && event.port !== undefined ? ` (by port ${String(event.port)})` : '';
}

/** Returns an event as an object in one line. `value` is what the family has for the message. */
export function jsonOf({ event, text, namespace, process }: Printed): string {
  const { time, type, ...rest } = event;
  return jsonText({
    time: new Date(time).toISOString(),
    ...(namespace !== undefined && { namespace }),
    type,
    ...rest,
    text,
    ...(process && { process }),
  });
}
