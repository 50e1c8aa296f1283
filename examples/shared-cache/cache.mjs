// A cache in shared memory: whatever one worker has computed, none computes again while it is stored.

/** A plain object of shared objects travels as an argument like any other; each of its parts is the same one for all. */
export function createCache(manager, size) {
  return {
    size,
    manager,
    values: manager.dict(),
    locks: manager.dict(), // { id, lock } for each key that is stored or being computed
    order: manager.queue(), // the keys that are stored, the oldest in front
    trimming: manager.lock(),
    counts: manager.dict({ hits: 0, waits: 0, computed: 0, evicted: 0, locks: 0 }),
  };
}

/** The value of a key. If it is not stored, one caller computes it, and others that want it meanwhile wait for that one. */
export function getOrCompute(cache, key, compute) {
  let value = cache.values.get(key);
  if (value !== undefined) {
    cache.counts.increment('hits');
    return value;
  }
  while (value === undefined) value = computeLocked(cache, key, compute);
  if (cache.values.size > cache.size) trim(cache);
  return value;
}

/** Undefined when the key's lock was replaced while this waited for it: then the caller begins anew. */
function computeLocked(cache, key, compute) {
  // Whoever is first sets the lock, and all get that one. Should its holder die, the next one acquires it all the same.
  const fresh = { id: cache.counts.increment('locks'), lock: cache.manager.lock() };
  const { id, lock } = cache.locks.setDefault(key, fresh);
  lock.acquireSync();
  try {
    if (cache.locks.get(key)?.id !== id) return undefined;
    const stored = cache.values.get(key);
    if (stored !== undefined) {
      cache.counts.increment('waits');
      return stored;
    }
    const value = compute(key);
    if (value === undefined) throw new TypeError(`there is no value for ${key}`);
    cache.counts.increment('computed');
    cache.order.putNowait(key); // before it is stored, so that `trim` finds each value that it counts
    cache.values.set(key, value);
    return value;
  } catch (error) {
    // A failure is not stored: it goes to this caller, and the next one tries again.
    cache.locks.delete(key);
    throw error;
  } finally {
    lock.release();
  }
}

/** Forgets the oldest values. The caller holds no lock of a key: then no two can wait for each other here. */
function trim(cache) {
  cache.trimming.acquireSync();
  try {
    while (cache.values.size > cache.size) {
      const key = cache.order.getNowait();
      const lock = cache.locks.get(key)?.lock;
      if (lock === undefined) continue; // a worker died before it had stored the value
      lock.acquireSync();
      // The lock goes with the value, so that old keys leave nothing behind.
      if (cache.values.delete(key)) cache.counts.increment('evicted');
      cache.locks.delete(key);
      lock.release();
    }
  } finally {
    cache.trimming.release();
  }
}
