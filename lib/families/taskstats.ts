import { familyFactory, type FamilyFactory } from '../client/index.js';
import { taskstatsSchema, type TaskstatsFamily } from './generated/taskstats.js';

export * from './generated/taskstats.js';
export { TaskExits, taskExits, type TaskExitsOptions } from './tasks/task-exits.js';

/**
 * Statistics of tasks and processes, and numbers of tasks in cgroups. {@link taskExits} emits those of tasks that exit.
 *
 * The members about delays except `cpu*` are 0 without delay accounting: `sysctl kernel.task_delayacct=1` (or the boot parameter
 * `delayacct`) turns it on for tasks that start later. `get` needs CAP_NET_ADMIN in the initial namespace.
 *
 * @public
 */
export const taskstats: FamilyFactory<TaskstatsFamily> = familyFactory(taskstatsSchema);
