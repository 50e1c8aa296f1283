process.on('message', (value: number) => process.send!(value + 1));
