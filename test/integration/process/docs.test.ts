import { testExamplesOf } from '../doc-examples.js';

testExamplesOf('process.md');
