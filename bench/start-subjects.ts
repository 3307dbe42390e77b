import type { Subject } from './environment/child-server.ts';
import { createDatabase, dropDatabase, queryDatabase, startPostgres } from './environment/postgres.ts';
import { buildProduct, newDeployment, startProduct, type Deployment } from './environment/product.ts';
import { sendScim } from './environment/scim-client.ts';
import { newId } from '../src/kernel/ids.ts';
import type { Options } from './options.ts';
import { loadThroughBulk } from './population/load-through-bulk.ts';
import { SPARE_USERS, type Population } from './population/population.ts';
import { displayNameOf, loadedUser, userNameOf } from './population/user-bodies.ts';
import { say } from './progress.ts';
import { makeTemplate, type DocumentTemplate } from './reference/document-template.ts';
import { startReference } from './reference/start-reference.ts';
import { loadReference } from './reference/store.ts';

const PRODUCT_DATABASE = 'rollcall_bench_product';
const REFERENCE_DATABASE = 'rollcall_bench_reference';

export interface Subjects {
  readonly adminUrl: string;
  readonly product: Subject;
  /** What further replicas of the product need; undefined when a second reference stands in for it. */
  readonly deployment: Deployment | undefined;
  readonly reference: Subject;
  readonly population: Population;
}

/** A running server and what the other one needs to hold the same users. */
interface LoadedServer {
  readonly subject: Subject;
  readonly ids: readonly string[];
  readonly template: DocumentTemplate;
}

/**
 * Starts Postgres and both servers, each on a database of its own with the same users under the same ids. Everything
 * that has to be undone goes onto `cleanUp`.
 */
export async function startSubjects(options: Options, cleanUp: AsyncDisposableStack): Promise<Subjects> {
  if (!options.calibrate) {
    say('building');
    await buildProduct();
  }
  const postgres = await startPostgres(process.env['TEST_DATABASE_URL']);
  cleanUp.defer(() => postgres.stop());

  const prepareDatabase = async (name: string): Promise<string> => {
    const url = await createDatabase(postgres.adminUrl, name);
    cleanUp.defer(() => dropDatabase(postgres.adminUrl, name));
    return url;
  };
  const productUrl = await prepareDatabase(PRODUCT_DATABASE);
  const referenceUrl = await prepareDatabase(REFERENCE_DATABASE);

  const deployment = newDeployment(productUrl, options.poolSize);
  const {
    subject: product,
    ids,
    template,
  } = options.calibrate
    ? await startSecondReference(options, productUrl)
    : await startLoadedProduct(options, deployment);
  cleanUp.defer(() => product.stop());

  say('loading the reference');
  await loadReference(referenceUrl, ids, template);
  const settings = { name: 'reference', databaseUrl: referenceUrl, poolSize: options.poolSize, template };
  const reference = await startReference(settings);
  cleanUp.defer(() => reference.stop());

  // Neither side starts with statistics or hint bits that the other one lacks.
  await queryDatabase(productUrl, 'vacuum analyze');
  await queryDatabase(referenceUrl, 'vacuum analyze');
  await queryDatabase(postgres.adminUrl, 'checkpoint');
  const population = { ids: ids.slice(0, options.users), spareIds: ids.slice(options.users) };
  return {
    adminUrl: postgres.adminUrl,
    product,
    deployment: options.calibrate ? undefined : deployment,
    reference,
    population,
  };
}

async function startLoadedProduct(options: Options, deployment: Deployment): Promise<LoadedServer> {
  const subject = await startProduct(deployment);
  try {
    const count = options.users + SPARE_USERS;
    say(`loading ${count} users by Bulk`);
    const startedAt = performance.now();
    const ids = await loadThroughBulk(subject, count);
    say(`${((count * 1_000) / (performance.now() - startedAt)).toFixed(0)} users loaded per second`);
    const id = ids[0] ?? '';
    const { text } = await sendScim(subject, 'GET', `/Users/${id}`, { expect: 200 });
    const values = { id, userName: userNameOf(0), displayName: displayNameOf(0) };
    return { subject, ids, template: makeTemplate(text, values) };
  } catch (error) {
    await subject.stop();
    throw error;
  }
}

/** For --calibrate: a server that should measure the same as the reference. */
async function startSecondReference(options: Options, databaseUrl: string): Promise<LoadedServer> {
  const now = Date.now();
  const ids = Array.from({ length: options.users + SPARE_USERS }, () => newId(now));
  const values = { id: ids[0] ?? '', userName: userNameOf(0), displayName: displayNameOf(0) };
  const template = makeTemplate(JSON.stringify({ ...loadedUser(0), id: values.id }), values);
  await loadReference(databaseUrl, ids, template);
  const settings = { name: 'second reference', databaseUrl, poolSize: options.poolSize, template };
  return { subject: await startReference(settings), ids, template };
}
