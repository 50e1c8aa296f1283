import assert from 'node:assert/strict';
import { types } from 'node:util';
import { ProcessError, SerializationError, TimeoutError, WorkerCrashedError } from '#lib/base/errors.js';
import { Codec } from '#lib/transport/value/codec.js';
import { joinStacks, setErrorClasses } from '#lib/transport/value/error.js';
import { LocalContext, roundTrip } from './context.js';

type Loose = Error & Record<string, unknown>;

/** Sends an error and checks what every error keeps. */
function send<T extends Error>(error: T): T & Loose {
  const result = roundTrip(error) as T & Loose;
  assert.ok(result instanceof Error);
  assert.deepStrictEqual([result.name, result.message, result.stack], [error.name, error.message, error.stack]);
  return result;
}

describe('errors as values', () => {
  it('keep built-in classes', () => {
    for (const type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
      const result = send(new type('boom'));
      assert.ok(Object.getPrototypeOf(result) === type.prototype && types.isNativeError(result));
      assert.deepStrictEqual(Object.keys(result), []);
    }
    assert.equal(Object.hasOwn(send(new Error()), 'message'), false);
  });

  it('keep own properties, hidden or not, as they are', () => {
    const error = Object.assign(new TypeError('boom'), { code: 'E_X', info: { list: [1, new Map([[1, 2]])] } });
    Object.defineProperty(error, 'hidden', { value: 5, enumerable: false });
    const result = send(error);
    assert.deepStrictEqual(Object.keys(result), ['code', 'info']);
    assert.deepStrictEqual([result.code, result.info, result['hidden']], [error.code, error.info, 5]);
  });

  it('keep causes, however deep or circular', () => {
    const inner = new RangeError('inner');
    const outer = send(new Error('outer', { cause: new TypeError('middle', { cause: inner }) }));
    const middle = outer.cause as Error;
    assert.ok(middle instanceof TypeError && middle.cause instanceof RangeError);
    assert.equal(send(new Error('x', { cause: 'text' })).cause, 'text');
    inner.cause = inner;
    const circular = send(inner);
    assert.equal(circular.cause, circular);
  });

  it('keep the errors of an AggregateError', () => {
    const result = send(new AggregateError([new TypeError('a'), 'b'], 'all'));
    assert.ok(result instanceof AggregateError && types.isNativeError(result));
    assert.ok(result.errors[0] instanceof TypeError && result.errors[1] === 'b');
  });

  it('keep DOMException', () => {
    const result = send(new DOMException('stopped', 'AbortError'));
    assert.ok(result instanceof DOMException);
    assert.equal(result.code, DOMException.ABORT_ERR);
    const timeout = roundTrip(AbortSignal.abort().reason) as DOMException;
    assert.equal(timeout.name, 'AbortError');
  });

  it("keep the library's own classes", () => {
    const crash = send(new WorkerCrashedError('gone', { exitCode: null, signal: 'SIGKILL', workerId: 3 }));
    assert.ok(crash instanceof WorkerCrashedError && crash instanceof ProcessError && types.isNativeError(crash));
    assert.deepStrictEqual([crash.signal, crash.workerId, crash.code], ['SIGKILL', 3, 'ERR_ALLCORES_WORKER_CRASHED']);
    assert.ok(send(new TimeoutError('late')) instanceof TimeoutError);
    assert.equal(send(new SerializationError('m', 'a.b[3]')).path, 'a.b[3]');
  });

  it("keep Node's codes", () => {
    try {
      assert.fail(new URL('nonsense').href);
    } catch (error) {
      const result = send(error as Loose);
      assert.ok(result instanceof TypeError);
      assert.equal(result.code, 'ERR_INVALID_URL');
    }
  });

  it('bring an unknown class as its nearest built-in one, under its name', () => {
    class PaymentError extends RangeError {
      amount = 5;
    }
    const result = roundTrip(new PaymentError('no money')) as Loose;
    assert.ok(result instanceof RangeError);
    assert.deepStrictEqual([result.name, result.message, result['amount']], ['PaymentError', 'no money', 5]);
    assert.equal(Object.keys(result).includes('name'), false);
    class Named extends Error {
      override name = 'Given';
    }
    assert.equal(send(new Named('x')).name, 'Given');
  });

  it('bring a class that can be named, without running its constructor', () => {
    let runs = 0;
    class HttpError extends Error {
      readonly status: number;
      constructor(status: number) {
        super(`status ${status}`);
        this.status = status;
        runs++;
      }
    }
    setErrorClasses({
      keyOfClass: (type) => (type === HttpError ? 'mod#HttpError' : undefined),
      classOfKey: (key, name) => (key === 'mod#HttpError' && name === 'HttpError' ? HttpError : undefined),
    });
    try {
      const result = send(new HttpError(404));
      assert.ok(result instanceof HttpError && types.isNativeError(result));
      assert.deepStrictEqual([result.status, runs], [404, 1]);
      setErrorClasses({ keyOfClass: () => 'gone', classOfKey: () => undefined });
      assert.equal((roundTrip(new HttpError(1)) as Error).name, 'HttpError');
      class LateError extends TimeoutError {}
      const late = roundTrip(new LateError('too late')) as Error;
      assert.ok(late instanceof TimeoutError && !(late instanceof LateError));
      assert.deepStrictEqual([late.name, late.message], ['LateError', 'too late']);
    } finally {
      setErrorClasses({ keyOfClass: () => undefined, classOfKey: () => undefined });
    }
  });

  it('get through without what cannot be copied', () => {
    const shared = { s: 1 };
    const error = Object.assign(new Error('boom', { cause: Promise.resolve() }), {
      good: shared,
      bad: { deep: [{ x: 1 }, new Uint8Array(100_000), shared, Symbol('s')] },
      again: [{ x: 2 }, shared],
    });
    Object.defineProperty(error, 'thrower', { get: () => assert.fail(), enumerable: true });
    const { head, blobs } = new Codec(new LocalContext()).encode([error, { x: 3 }], 'error');
    assert.equal(blobs.length, 0);
    const [result, after] = new Codec(new LocalContext()).decode(head, blobs) as [Loose, object];
    assert.deepStrictEqual(Object.keys(result), ['good', 'again']);
    assert.deepStrictEqual([result['again'], after], [[{ x: 2 }, shared], { x: 3 }]);
    assert.equal((result['again'] as unknown[])[1], result['good']);
    assert.equal('cause' in result, false);
  });
});

describe('joinStacks', () => {
  const caller = 'Error: here\n    at call (file:///main.js:1:1)\n    at main (file:///main.js:2:2)';

  it("appends the caller's frames after the worker's, once", () => {
    const error = new Error('boom');
    error.stack = 'Error: boom\n    at task (file:///task.js:3:3)';
    joinStacks(error, caller, 'PoolWorker-1');
    const expected = [
      'Error: boom',
      '    at task (file:///task.js:3:3)',
      '    at PoolWorker-1 (allcores)',
      '    at call (file:///main.js:1:1)',
      '    at main (file:///main.js:2:2)',
    ].join('\n');
    assert.equal(error.stack, expected);
    joinStacks(error, caller, 'PoolWorker-1');
    assert.equal(error.stack, expected);
    assert.deepStrictEqual(Object.keys(error), []);
  });

  it('leaves alone what it cannot change', () => {
    joinStacks('text', caller, 'w');
    joinStacks(Object.freeze(new Error('x')), caller, 'w');
    const error = new Error('x');
    joinStacks(error, '', 'w');
    assert.match(error.stack!, /at w \(allcores\)$/);
  });
});
