// Processes that append to one list: none is lost, whatever the order in which they come.
import { Manager, Process } from 'allcores';

/** Appends three entries of its own. */
function work(name, list) {
  for (let i = 1; i <= 3; i++) list.append(`${name}: ${i}`);
}

const manager = new Manager();
const list = manager.list();

const processes = ['a', 'b', 'c', 'd'].map((name) => new Process({ target: work, args: [name, list] }));
for (const process of processes) process.start();
for (const process of processes) await process.join();

console.log('list:', list.toArray());
console.log('length:', list.length);
manager.shutdown();
