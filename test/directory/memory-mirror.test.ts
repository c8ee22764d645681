import { memoryMirror } from '../support/memory-mirror.ts';
import { mirrorContract } from './mirror-contract.ts';

mirrorContract('the mirror in memory', () => Promise.resolve(memoryMirror()));
