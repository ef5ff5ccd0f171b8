// `npm start`: builds what is missing and runs the monitor example in the same process, which receives Ctrl-C.
import { build, install } from './prepare.mjs';

await install();
await build();
const { register } = await import('tsx/esm/api');
register();
await import('../examples/monitor.ts');
