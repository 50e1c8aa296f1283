import { parseArgs, type ParseArgsConfig } from 'node:util';

/** One command of `npx allcores`. */
export interface Command {
  /** Half a line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints below the line of usage; the first line is the arguments and options. */
  readonly usage: string;
  /** @returns the exit code */
  run(args: readonly string[]): Promise<number>;
}

/** What the user wrote makes no sense: exit code 2. */
export class UsageError extends Error {}

/** What the user asked for cannot be done here, for a reason that the message tells: exit code 1. */
export class CommandError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** As `parseArgs` of node:util. @throws {UsageError} */
export function parse<O extends Options>(
  args: readonly string[],
  options: O,
  positionals = 0,
): ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>> {
  const config = { args: [...args], options, allowPositionals: true as const };
  let parsed: ReturnType<typeof parseArgs<typeof config>>;
  try {
    parsed = parseArgs(config);
  } catch (error) {
    // Its first sentence says what is wrong; the others are about positional arguments that begin with a dash.
    if (error instanceof TypeError) throw new UsageError(error.message.replace(/\. To specify[^]*/, ''));
    throw error;
  }
  const [tooMany] = parsed.positionals.slice(positionals);
  if (tooMany !== undefined) throw new UsageError(`Unexpected argument '${tooMany}'`);
  return parsed;
}
