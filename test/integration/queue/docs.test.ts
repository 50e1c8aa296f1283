import { testExamplesOf } from '../doc-examples.js';

testExamplesOf('queues.md');
testExamplesOf('pipes.md');
