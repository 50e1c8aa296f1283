// Formats the C++ files in place, or with --check only says which of them are not formatted.
import { nativeFiles } from './native-files.mjs';
import { llvmTool, run } from './run-tool.mjs';

const files = nativeFiles();
const mode = process.argv.includes('--check') ? ['--dry-run', '-Werror'] : ['-i'];

if (files.length > 0) process.exitCode = run(llvmTool('clang-format'), [...mode, '--style=file', ...files]);
