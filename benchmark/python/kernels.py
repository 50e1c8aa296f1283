"""One trial of NumPy on the vectors of the workload "kernels". Argument: {"quick"}; prints its metrics as JSON."""

import json
import statistics
import sys
import time

import numpy


def seconds(rounds, run, before=lambda: None):
    """Of the middle one of several runs; the first one is not measured."""
    samples = []
    for _ in range(rounds + 1):
        before()
        start = time.perf_counter()
        run()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples[1:])


def main():
    quick = json.loads(sys.argv[1])["quick"]
    streamed = 2_000_000 if quick else 16_000_000
    rounds = 3 if quick else 9
    a = (numpy.arange(streamed) % 1000).astype(numpy.float64)
    b = numpy.full(streamed, 0.5)
    out = numpy.empty(streamed)
    unsorted = numpy.random.default_rng(1).random(1_000_000 if quick else 10_000_000)
    target = numpy.empty_like(unsorted)
    gigabytes = 8e-9 * streamed
    sort = 1000 * seconds(1 if quick else 3, target.sort, lambda: numpy.copyto(target, unsorted))
    metrics = {
        "sum": gigabytes / seconds(rounds, a.sum),
        "dot": 2 * gigabytes / seconds(rounds, lambda: a.dot(b)),
        "add": 3 * gigabytes / seconds(rounds, lambda: numpy.add(a, b, out)),
        "sort": sort,
        "sortAgain": sort,
    }
    print(json.dumps(metrics))


main()
