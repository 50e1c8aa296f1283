// What may arrive as a handle: each module registers its classes as it loads, in every thread.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { onUnknownHandle } from '../base/handle.js';
import { packageRoot } from '../binding/native.js';
import '../container/namespace.js';
import '../container/shared-dict.js';
import '../container/shared-list.js';
import '../container/shared-set.js';
import '../memory/shareable-list.js';
import '../vector/shared-array.js';
import '../memory/shared-memory.js';
import '../memory/value.js';
import '../queue/connection.js';
import '../queue/joinable-queue.js';
import '../queue/queue.js';
import '../queue/simple-queue.js';
import '../sync/barrier.js';
import '../sync/condition.js';
import '../sync/event.js';
import '../sync/lock.js';
import '../sync/semaphore.js';

// A worker begins with a part of the library; classes above that, as the manager, come with the rest of it.
const rest = join(packageRoot, 'dist', 'allcores.cjs');
onUnknownHandle(() => void createRequire(rest)(rest));
