import { testExamplesOf } from '../doc-examples.js';

testExamplesOf('manager.md');
