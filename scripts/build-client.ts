import { writeClientTypes } from './client-types.js';

await writeClientTypes();
