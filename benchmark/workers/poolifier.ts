import { ThreadWorker, type TaskFunction } from 'poolifier';
import * as tasks from '../tasks.js';

export default new ThreadWorker<unknown, unknown>({ ...tasks } as unknown as Record<
  string,
  TaskFunction<unknown, unknown>
>);
