import { memoryMirror } from '../support/memory-mirror.ts';
import { refreshContract } from './refresh-contract.ts';

refreshContract('the mirror in memory', () => Promise.resolve(memoryMirror()));
