// Loaded before the tests: `ALLCORES_START_METHOD=process` has the pools and processes of the default context be processes.
import assert from 'node:assert/strict';
import { getStartMethod, setStartMethod, type StartMethod } from 'allcores';

const method = process.env['ALLCORES_START_METHOD'] as StartMethod | undefined;
if (method !== undefined) setStartMethod(method);

export const mochaHooks = {
  /** A test that leaves another method behind would have all that follow run with the wrong kind of worker. */
  afterEach(): void {
    assert.equal(getStartMethod(), method ?? 'thread', 'the start method of this run');
  },
};
