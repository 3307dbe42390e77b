import { z } from 'zod';
import { isUuid } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';

/** An id in the lower-case form this server hands out. */
export const id = z.string().refine(isUuid, 'must be an id').meta({ format: 'uuid' });

/** A moment in UTC. */
export const instant = z.iso.datetime();

/** A name that people give something: not blank, within the limit. */
export const name = z.string().trim().min(1, 'must not be empty').max(LIMITS.nameLength);

/** Absent values are null on the wire. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;
