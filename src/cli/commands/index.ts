import type { Command } from '../command.js';
import { databaseCommands } from './database-commands.js';
import { demo } from './demo.js';
import { doctor } from './doctor.js';
import { serve } from './serve.js';
import { version } from './version.js';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [serve, demo, ...databaseCommands, doctor, version];
