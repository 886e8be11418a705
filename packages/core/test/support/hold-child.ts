// Takes the lock of PATH, says so, and keeps it.
import { takeLock } from '../../src/store/lock.js';

process.on('message', () => {});
await takeLock(process.argv[2] ?? '');
process.send?.('held');
