import assert from 'node:assert/strict';
import { Process, type ProcessOptions } from 'allcores';

/** [what is wrong, the option, the error] */
const cases: [string, unknown, RegExp][] = [
  ['options that are no object', 1, /^options must be an object like \{ target, args \}, got 1$/],
  ['a function instead of options', () => {}, /^options must be an object/],
  ['null', null, /^options must be an object like .*, got null$/],
  ['a target that is no function', { target: 'work' }, /^target must be a function, got 'work'$/],
  ['arguments that are no array', { args: 'abc' }, /^args must be an array, got 'abc'$/],
  ['a name that is no string', { name: 5 }, /^name must be a string, got 5$/],
  ['a daemon that is no boolean', { daemon: 1 }, /^daemon must be true or false, got 1$/],
  ['an environment that is no object', { env: 'A=1' }, /^env must be an object, got 'A=1'$/],
  ['a value of the environment that is no string', { env: { A: 1 } }, /^env\.A must be a string, got 1$/],
  ['Node options that are no array', { execArgv: '--x' }, /^execArgv must be an array, got '--x'$/],
  ['a Node option that is no string', { execArgv: ['--x', 1] }, /^execArgv\[1\] must be a string, got 1$/],
  ['limits that are no object', { resourceLimits: 5 }, /^resourceLimits must be an object, got 5$/],
  ['an unknown limit', { resourceLimits: { heap: 5 } }, /^unknown resource limit 'heap': there are max/],
  [
    'a limit that is no number',
    { resourceLimits: { stackSizeMb: '1' } },
    /^resourceLimits\.stackSizeMb must be a number/,
  ],
  ['an unknown option', { tagret: () => {} }, /^unknown option 'tagret': there are target, args, name/],
];

describe('the options of a Process', () => {
  for (const [what, options, message] of cases) {
    it(`are refused at once: ${what}`, () => {
      assert.throws(() => new Process(options as ProcessOptions), { name: 'TypeError', message });
    });
  }

  it('are refused at once: a limit that is not positive', () => {
    assert.throws(() => new Process({ resourceLimits: { stackSizeMb: 0 } }), {
      name: 'RangeError',
      message: /stackSizeMb/,
    });
  });

  it('name may be set any time, to a string', async () => {
    const process = new Process({ target: () => {} });
    process.name = 'before';
    process.start();
    process.name = 'after';
    assert.equal(process.name, 'after');
    assert.throws(() => (process.name = 7 as unknown as string), {
      name: 'TypeError',
      message: /name must be a string, got 7/,
    });
    await process.join();
  });

  it('daemon may be set before the start, to a boolean', async () => {
    const process = new Process({ target: () => {} });
    assert.equal(process.daemon, false);
    process.daemon = true;
    assert.equal(process.daemon, true);
    assert.throws(() => (process.daemon = 'yes' as unknown as boolean), {
      name: 'TypeError',
      message: /daemon must be/,
    });
    process.start();
    assert.throws(() => (process.daemon = false), { name: 'ProcessError', message: 'process has already started' });
    await process.join();
  });
});
