// The server as anybody runs it, but that it ends with whoever started it: when its standard input does.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();
await import('../../src/cli/main.ts');
