import { z } from 'zod';

/** A page of a list. */
export const pageOf = (item: z.ZodType): z.ZodType =>
  z.strictObject({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last one.' }),
    total: z.int().min(0).meta({ description: 'Items on all pages.' }),
  });
