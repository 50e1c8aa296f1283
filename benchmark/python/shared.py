"""One trial of the shared objects of multiprocessing. Argument: {"workload", "quick"}; prints its metrics as JSON."""

import json
import multiprocessing
import statistics
import sys
import time

BATCH = 500
BUFFER_BYTES = 64 << 20


def timed(job, batch, between=None):
    """Runs batches for a while, the first ones unmeasured; what is done between them does not count."""
    batches = 0
    end = time.perf_counter() + job["duration"] / 4
    while batches == 0 or time.perf_counter() < end:
        batch()
        if between:
            between()
        batches += 1
    job["start"].wait()
    samples = []
    now = 0
    end = time.perf_counter() + job["duration"]
    while now < end:
        before = time.perf_counter()
        batch()
        now = time.perf_counter()
        samples.append(now - before)
        if between:
            between()
        batches += 1
    return {
        "nanoseconds": statistics.median(samples) * 1e9 / BATCH,
        "per_second": len(samples) * BATCH / sum(samples),
        "operations": batches * BATCH,
    }


def lock_and_unlock(job):
    lock = job["object"]

    def batch():
        for _ in range(BATCH):
            lock.acquire()
            lock.release()

    return timed(job, batch)


def add_under_lock(job):
    lock, count = job["object"]

    def batch():
        for _ in range(BATCH):
            lock.acquire()
            count.value += 1
            lock.release()

    return timed(job, batch)


def add_to_value(job):
    value = job["object"]
    lock = value.get_lock()

    def batch():
        for _ in range(BATCH):
            with lock:
                value.value += 1

    return timed(job, batch)


def keys_of(worker):
    return [f"worker-{worker}-key-{i}" for i in range(BATCH)]


def set_in_dict(job):
    shared = job["object"]
    keys = keys_of(job["worker"])

    def batch():
        for i, key in enumerate(keys):
            shared[key] = i

    loop = timed(job, batch)
    assert all(shared[key] == i for i, key in enumerate(keys))
    return loop


def get_from_dict(job):
    shared = job["object"]
    keys = keys_of(job["worker"])
    shared.update({key: i for i, key in enumerate(keys)})

    def batch():
        assert sum(shared[key] for key in keys) == BATCH * (BATCH - 1) // 2

    return timed(job, batch)


def append_to_list(job):
    shared = job["object"]

    def batch():
        for i in range(BATCH):
            shared.append(i)

    def empty():
        assert len(shared) == BATCH and shared[-1] == BATCH - 1
        del shared[:]

    return timed(job, batch, empty)


def read_from_list(job):
    shared = job["object"]
    shared.extend(range(BATCH))

    def batch():
        assert sum(shared[i] for i in range(BATCH)) == BATCH * (BATCH - 1) // 2

    return timed(job, batch)


def in_worker(function, job, results):
    results.put((job["worker"], function(job)))


def in_workers(functions, job):
    """Runs each function in a process of its own, all at once; their results in order."""
    job = {**job, "start": multiprocessing.Barrier(len(functions))}
    results = multiprocessing.SimpleQueue()
    workers = [
        multiprocessing.Process(target=in_worker, args=(function, {**job, "worker": i}, results))
        for i, function in enumerate(functions)
    ]
    for worker in workers:
        worker.start()
    ordered = [result for _, result in sorted((results.get() for _ in workers), key=lambda pair: pair[0])]
    for worker in workers:
        worker.join()
    return ordered


def loops(function, workers, shared, quick, count_of=None):
    results = in_workers([function] * workers, {"object": shared, "duration": 0.15 if quick else 0.8})
    assert count_of is None or count_of(shared) == sum(result["operations"] for result in results)
    return results


def cost(results):
    """What one operation takes, in ns, at the median batch: for a worker alone."""
    return results[0]["nanoseconds"]


def rate(results):
    """Operations a second of all workers together."""
    return sum(result["per_second"] for result in results)


def lock(quick):
    alone = loops(lock_and_unlock, 1, multiprocessing.Lock(), quick)
    guarded = (multiprocessing.Lock(), multiprocessing.Value("i", 0, lock=False))
    contended = loops(add_under_lock, 2, guarded, quick, lambda shared: shared[1].value)
    return {"alone": cost(alone), "contended": rate(contended)}


def shared_dict(quick):
    with multiprocessing.Manager() as manager:
        get = loops(get_from_dict, 1, manager.dict(), quick)
        one = loops(set_in_dict, 1, manager.dict(), quick)
        two = loops(set_in_dict, 2, manager.dict(), quick)
    return {"get": cost(get) / 1e3, "set": cost(one) / 1e3, "speedup": rate(two) * cost(one) / 1e9}


def shared_list(quick):
    with multiprocessing.Manager() as manager:
        append = loops(append_to_list, 1, manager.list(), quick)
        read = loops(read_from_list, 1, manager.list(), quick)
    return {"append": cost(append) / 1e3, "at": cost(read) / 1e3}


def value(quick):
    both = loops(add_to_value, 2, multiprocessing.Value("i", 0), quick, lambda shared: shared.value)
    return {"add": 2e9 / rate(both)}


def buffer_of(i):
    return bytes([i + 2]) + bytes(BUFFER_BYTES - 2) + bytes([i + 2])


def is_buffer(message, i):
    return len(message) == BUFFER_BYTES and message[0] == i + 2 and message[-1] == i + 2


# How the i-th message is made, and how its arrival is checked.
MESSAGES = {
    "number": (lambda i: i, lambda message, i: message == i),
    "object": (lambda i: {"id": i, "name": "an item", "done": False}, lambda message, i: message["id"] == i),
    "buffer": (buffer_of, is_buffer),
}


def send_all(job):
    """The times at which the rounds began: all processes have the same perf_counter."""
    make, _ = MESSAGES[job["kind"]]
    # Large ones are made beforehand: bytes cannot be changed in place.
    ready = [make(i) for i in range(job["count"])] if job["kind"] == "buffer" else None
    began = []
    for _ in range(job["rounds"]):
        job["start"].wait()
        began.append(time.perf_counter())
        for i in range(job["count"]):
            job["put"](ready[i] if ready else make(i))
    return began


def receive_all(job):
    _, check = MESSAGES[job["kind"]]
    ended = []
    for _ in range(job["rounds"]):
        job["start"].wait()
        for i in range(job["count"]):
            assert check(job["get"](), i)
        ended.append(time.perf_counter())
    return ended


def rate_of(put, get, kind, count, rounds):
    job = {"put": put, "get": get, "kind": kind, "count": count, "rounds": rounds + 1}
    began, ended = in_workers([send_all, receive_all], job)
    return count / statistics.median([end - start for start, end in zip(began, ended)][1:])


def queue(quick):
    rounds = 2 if quick else 5
    numbers = multiprocessing.Queue()
    records = multiprocessing.Queue()
    # Without the pickling and the copies of a queue: the best that Python has for bytes.
    receiver, sender = multiprocessing.Pipe(duplex=False)
    count, repeats = (4, 1) if quick else (6, rounds)
    speed = rate_of(sender.send_bytes, receiver.recv_bytes, "buffer", count, repeats) * BUFFER_BYTES
    return {
        "numbers": rate_of(numbers.put, numbers.get, "number", 10_000 if quick else 50_000, rounds),
        "objects": rate_of(records.put, records.get, "object", 10_000 if quick else 25_000, rounds),
        "speed": speed / 1e9,
    }


WORKLOADS = {"lock": lock, "queue": queue, "dict": shared_dict, "list": shared_list, "value": value}


if __name__ == "__main__":
    arguments = json.loads(sys.argv[1])
    print(json.dumps(WORKLOADS[arguments["workload"]](arguments["quick"])))
