import type { Subject } from '../environment/child-server.ts';
import type { Deployment } from '../environment/product.ts';
import type { LoadProcess } from '../load/load-process.ts';
import type { Options } from '../options.ts';
import type { Population } from '../population/population.ts';

/** What every experiment needs: both servers running, with the same users loaded. */
export interface Bench {
  readonly options: Options;
  readonly load: LoadProcess;
  readonly product: Subject;
  /** Undefined when a second reference stands in for the product. */
  readonly deployment: Deployment | undefined;
  readonly reference: Subject;
  readonly population: Population;
}
