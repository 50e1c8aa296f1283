import { fork } from 'node:child_process';
import { once } from 'node:events';
import { compiledFile } from '../paths.js';
import { plainVariants, type PoolDriver } from './driver.js';

/** What a process of Node costs by itself: children that answer a number with a number, without any pool around them. */
export const bareFork: PoolDriver = {
  name: 'bare fork',
  kind: 'baseline',
  workers: 'processes',
  settings: 'child_process.fork(file), a number sent and a number back',
  variants: plainVariants,
  open(variant) {
    const members = Array.from({ length: variant.workers }, () => {
      const waiting: ((value: unknown) => void)[] = [];
      const child = fork(compiledFile('workers/bare-fork.js'));
      child.on('message', (value) => waiting.shift()!(value));
      return { child, waiting };
    });
    let turn = 0;
    return Promise.resolve({
      caller: () => (value) =>
        new Promise((resolve) => {
          const member = members[turn++ % members.length]!;
          member.waiting.push(resolve);
          member.child.send(value as number);
        }),
      close: async () => {
        await Promise.all(
          members.map(async ({ child }) => {
            child.disconnect();
            await once(child, 'exit');
          }),
        );
      },
    });
  },
};
