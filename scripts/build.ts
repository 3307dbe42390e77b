import { writeClientTypes } from './client-types.js';
import { buildDistribution } from './distribution.js';

if (buildDistribution()) await writeClientTypes();
else process.exitCode = 1;
