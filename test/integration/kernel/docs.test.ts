import { testExamplesOf } from '../doc-examples.js';

testExamplesOf('kernels.md');
