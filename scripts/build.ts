import { buildDistribution } from './distribution.js';

if (!buildDistribution()) process.exitCode = 1;
