// Processes that fill one dictionary: each sets a key of its own, and all count together.
import { Manager, Process } from 'allcores';

function work(n, squares, counts) {
  squares.set(n, n * n);
  counts.increment('processes');
  counts.mutate('seen', (seen = []) => [...seen, n]);
}

const manager = new Manager();
const squares = manager.dict();
const counts = manager.dict({ processes: 0 });

const processes = [1, 2, 3, 4].map((n) => new Process({ target: work, args: [n, squares, counts] }));
for (const process of processes) process.start();
for (const process of processes) await process.join();

console.log('squares:', squares.toObject());
console.log('processes:', counts.get('processes'));
console.log('seen:', counts.get('seen').sort().join(' '));
manager.shutdown();
