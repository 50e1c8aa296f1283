// Loaded before the tests: `ALLCORES_START_METHOD=process` has the pools and processes of the default context be processes.
import { setStartMethod, type StartMethod } from 'allcores';

const method = process.env['ALLCORES_START_METHOD'] as StartMethod | undefined;
if (method !== undefined) setStartMethod(method);
