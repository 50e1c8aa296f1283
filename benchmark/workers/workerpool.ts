import workerpool from 'workerpool';
import * as tasks from '../tasks.js';

workerpool.worker({
  ...tasks,
  /** Transfers its result instead of copying it. */
  incrementColumn(chunk: Int32Array<ArrayBuffer>) {
    return new workerpool.Transfer(tasks.incrementColumn(chunk), [chunk.buffer]);
  },
});
