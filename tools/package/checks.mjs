/** Runs checks two at a time and tells of each, once it is over, what it said, what it skipped and how long it took. */

/** Of the checks that run at once: the machine for which this is made has two cores. */
const AT_ONCE = 2;

/** What a check is given to tell of itself. */
class Report {
  lines = [];
  skipped = 0;

  say(line) {
    this.lines.push(line);
  }

  /** Something that cannot be tried here. It is no failure, but nobody should take it for tried. */
  skip(what, reason) {
    this.skipped++;
    this.lines.push(`SKIPPED ${what}: ${reason}`);
  }
}

const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

/** @returns did it succeed? */
async function runOne(name, body, context) {
  const report = new Report();
  const from = performance.now();
  let failure;
  try {
    await body(context, report);
  } catch (error) {
    failure = error;
  }
  console.log(`\n${name}: ${failure ? 'FAILED' : 'ok'}, ${seconds(from)}`);
  for (const line of report.lines) console.log(`  ${line.replaceAll('\n', '\n  ')}`);
  if (failure) console.log(failure.stack ?? failure);
  return { failed: failure !== undefined, skipped: report.skipped };
}

/**
 * Runs all checks; the first failure keeps others from beginning.
 *
 * @param {[name: string, body: (context: object, report: Report) => Promise<void>][]} checks
 * @returns did all of them succeed?
 */
export async function runChecks(checks, context) {
  const from = performance.now();
  const waiting = [...checks];
  let [failed, skipped, done] = [false, 0, 0];
  const lane = async () => {
    while (waiting.length > 0 && !failed) {
      const outcome = await runOne(...waiting.shift(), context);
      failed ||= outcome.failed;
      skipped += outcome.skipped;
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const parts = [`${done} of ${checks.length} checks in ${seconds(from)}`, failed ? 'one FAILED' : 'all passed'];
  if (skipped > 0) parts.push(`${skipped} things skipped, see above`);
  console.log(`\npackage: ${parts.join(', ')}`);
  return !failed;
}
