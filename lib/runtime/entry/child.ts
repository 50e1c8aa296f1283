import { native } from '../../binding/native.js';
import { join } from '../../heap/program.js';
import { ChannelLink } from './owner-link.js';
import { startWhenTold } from './worker.js';

/** What a process inherits, after the three standard ones. */
const PROGRAM = 3;
const CHANNEL = 4;

/** What the entry of a process of ours calls. @param mailbox where its owner's messages are */
export function startChild(mailbox: number): void {
  native.ignoreInterrupts();
  if (!native.attachProgram(PROGRAM)) throw new Error('This process was not started by a program of allcores');
  join();
  startWhenTold(new ChannelLink(CHANNEL, mailbox));
}
