import { testExamplesOf } from '../doc-examples.js';

testExamplesOf('processes.md');
