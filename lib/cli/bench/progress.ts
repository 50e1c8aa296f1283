import cliProgress from 'cli-progress';

/** Shows how far something has come. */
export interface Progress {
  step(): void;
  end(): void;
}

/** On stderr, if that is a terminal. */
export function progressBar(total: number): Progress {
  if (!process.stderr.isTTY) return { step() {}, end() {} };
  const { SingleBar, Presets } = cliProgress;
  const options = {
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    format: 'measuring {bar} {percentage} %',
  };
  const bar = new SingleBar(options, Presets.shades_classic);
  bar.start(total, 0);
  return { step: () => bar.increment(), end: () => bar.stop() };
}
