// What may arrive as a handle: each module registers its classes as it loads, in every thread.
import '../memory/shared-array.js';
import '../memory/value.js';
import '../sync/lock.js';
