"""One trial of a process pool. Argument: {"workload", "api", "workers", "cores", "quick"}; prints its metrics as JSON."""

import time

STARTED = time.perf_counter()

import array
import collections
import json
import statistics
import sys


def increment(value):
    return value + 1


def identity(value):
    return value


def spin(rounds):
    state = 1
    for _ in range(rounds):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    return state


def quantile(samples, q):
    ordered = sorted(samples)
    return ordered[round(q * (len(ordered) - 1))]


def sustained_rate(pool, function, duration, make, in_flight=64):
    """Tasks finished a second with a window of apply_async calls open."""
    window = collections.deque()
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < duration:
        while len(window) < in_flight:
            window.append(pool.apply_async(function, (make(done + len(window)),)))
        window.popleft().get()
        done += 1
    for result in window:
        result.get()
        done += 1
    return done / (time.perf_counter() - start)


def latencies(pool, count, pause=0.0):
    """Round trips of pool.apply, one at a time, in microseconds."""
    samples = []
    for i in range(count):
        if pause:
            time.sleep(pause)
        start = time.perf_counter()
        assert pool.apply(increment, (i,)) == i + 1
        samples.append((time.perf_counter() - start) * 1e6)
    return samples


def noop_in_flight(pool, job):
    sustained_rate(pool, increment, 0.1, lambda i: i)
    return {"rate": sustained_rate(pool, increment, 0.2 if job["quick"] else 1.0, lambda i: i)}


def noop_at_once(pool, job):
    count = 20_000 if job["quick"] else 100_000
    start = time.perf_counter()
    results = [pool.apply_async(increment, (i,)) for i in range(count)]
    assert results[-1].get() == count
    for result in results:
        result.get()
    return {"rate": count / (time.perf_counter() - start)}


def latency(pool, job):
    latencies(pool, 200)
    samples = latencies(pool, 1000 if job["quick"] else 5000)
    return {"p50": quantile(samples, 0.5), "p99": quantile(samples, 0.99)}


def latency_after_idle(pool, job):
    latencies(pool, 200)
    samples = latencies(pool, 60 if job["quick"] else 200, pause=0.005)
    return {"p50": quantile(samples, 0.5), "p99": quantile(samples, 0.99)}


def map_plain(pool, job):
    items = list(range(1_000_000))
    samples = []
    for _ in range(2 if job["quick"] else 4):
        start = time.perf_counter()
        results = pool.map(increment, items)
        samples.append((time.perf_counter() - start) * 1e3)
        assert len(results) == len(items) and results[-1] == len(items)
    return {"time": statistics.median(samples[1:])}


def imap(pool, job):
    count = 5_000 if job["quick"] else 20_000
    start = time.perf_counter()
    assert sum(pool.imap(increment, range(count))) == count * (count + 1) // 2
    return {"rate": count / (time.perf_counter() - start)}


def objects(make):
    def run(pool, job):
        samples = [make(i) for i in range(256)]
        sustained_rate(pool, identity, 0.1, lambda i: samples[i & 255])
        rate = sustained_rate(pool, identity, 0.2 if job["quick"] else 1.0, lambda i: samples[i & 255])
        return {"cost": 1e6 / rate}

    return run


def small(i):
    return {"id": i, "name": f"item {i}", "tags": ["red", "green"], "nested": {"x": i / 3, "flag": True, "none": None}}


def large(i):
    note = "a line of ordinary text, long enough"
    records = [{"key": f"record-{k}", "score": (i + k) / 7, "active": k % 2 == 0, "note": note} for k in range(100)]
    return {"id": i, "records": records}


def copied(size):
    def run(pool, job):
        vector = array.array("d", bytes(size))
        samples = []
        for _ in range(3 if job["quick"] else 8):
            start = time.perf_counter()
            result = pool.apply(identity, (vector,))
            samples.append((time.perf_counter() - start) / 2)
            assert len(result) == len(vector)
        return {"speed": size / statistics.median(samples[1:]) / 1e9}

    return run


def scaling(pool, job):
    rounds = 20_000
    count = 80 if job["quick"] else 400
    pool.map(spin, [rounds] * 8, chunksize=1)
    start = time.perf_counter()
    for _ in range(count):
        spin(rounds)
    inline = time.perf_counter() - start
    start = time.perf_counter()
    pool.map(spin, [rounds] * count, chunksize=1)
    pooled = time.perf_counter() - start
    return {"efficiency": inline / job["workers"] / pooled}


def cold_start(pool, job):
    assert pool.apply(increment, (1,)) == 2
    return {"total": (time.perf_counter() - STARTED) * 1e3}


def start(make_pool, job):
    samples = []
    for _ in range(6 if job["quick"] else 15):
        began = time.perf_counter()
        pool = make_pool(1)
        assert pool.apply(increment, (1,)) == 2
        samples.append((time.perf_counter() - began) * 1e3)
        pool.close()
        pool.join()
    return {"total": statistics.median(samples[3:])}


class Executor:
    """What the workloads use of multiprocessing.Pool, by a ProcessPoolExecutor."""

    def __init__(self, workers):
        from concurrent.futures import ProcessPoolExecutor

        self.executor = ProcessPoolExecutor(workers)

    def apply(self, function, arguments):
        return self.executor.submit(function, *arguments).result()

    def apply_async(self, function, arguments):
        future = self.executor.submit(function, *arguments)
        future.get = future.result
        return future

    def close(self):
        self.executor.shutdown()

    def join(self):
        pass


WORKLOADS = {
    "noop-in-flight": noop_in_flight,
    "noop-at-once": noop_at_once,
    "latency": latency,
    "latency-after-idle": latency_after_idle,
    "map-plain": map_plain,
    "imap": imap,
    "small-objects": objects(small),
    "large-objects": objects(large),
    "copy-1mb": copied(1 << 20),
    "copy-64mb": copied(64 << 20),
    "scaling": scaling,
    "cold-start": cold_start,
}


def main():
    import multiprocessing

    job = json.loads(sys.argv[1])
    make_pool = Executor if job["api"] == "ProcessPoolExecutor" else multiprocessing.Pool
    if job["workload"] == "start":
        print(json.dumps(start(make_pool, job)))
        return
    pool = make_pool(job["workers"])
    metrics = WORKLOADS[job["workload"]](pool, job)
    pool.close()
    pool.join()
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
