// One process for each item of a list: start all of them, join all of them, look at how they ended.
import { currentProcess, Process } from 'allcores';

const names = ['Alice', 'Bob', 'Carol'];

/** Runs on a thread of its own. What it prints appears at once. */
function hello(name) {
  console.log(`hello ${name}, from ${currentProcess().name}`);
}

const processes = names.map((name) => new Process({ target: hello, args: [name] }));

for (const process of processes) process.start();
for (const process of processes) await process.join();

for (const { name, exitCode } of processes) console.log(`${name} ended with exit code ${exitCode}`);
