import { testExamplesOf } from '../doc-examples.js';

testExamplesOf('shared-memory.md');
testExamplesOf('memory.md');
