import type { Subject } from '../environment/child-server.ts';
import { startProduct } from '../environment/product.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { issueCredentials, type Credentials } from '../population/credentials.ts';
import { say } from '../progress.ts';
import { percentile } from '../statistics.ts';
import type { Bench } from './bench.ts';
import type { DelayResult } from './results.ts';

const TARGET = 100;
/** Refusals in a row until a credential counts as refused for good. */
const CONFIRMATIONS = 3;
/** Milliseconds after which a credential that is still accepted fails the measurement. */
const PATIENCE = 5_000;
const DEACTIVATE = JSON.stringify({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: false }],
});

/** A replica with a connection for each of the person's credentials, and one for SCIM. */
interface Replica {
  readonly subject: Subject;
  readonly scim: HttpConnection;
  readonly session: HttpConnection;
  readonly apiKey: HttpConnection;
}

interface Refusal {
  readonly delay: number;
  /** Whether a request that was sent after the deactivation had been answered was let in. */
  readonly isLate: boolean;
}

/**
 * Three replicas on one database. A person is deactivated over SCIM at one of them; from the moment the 200 is there, the
 * person's session and API key are tried at the two others until they are refused, and a little longer.
 */
export async function measureDeactivation(bench: Bench): Promise<DelayResult> {
  const { product, deployment, population, options } = bench;
  if (!deployment) throw new Error('the reference has no replicas');
  await using cleanUp = new AsyncDisposableStack();
  const replicas = [await openReplica(product)];
  while (replicas.length < 3) {
    say(`starting replica ${replicas.length + 1}`);
    const subject = await startProduct(deployment);
    cleanUp.defer(() => subject.stop());
    replicas.push(await openReplica(subject));
  }
  cleanUp.defer(() => {
    for (const { scim, session, apiKey } of replicas)
      for (const connection of [scim, session, apiKey]) connection.close();
  });

  const people = await issueCredentials(
    product.databaseUrl,
    population.spareIds.slice(0, options.deactivations),
  );
  const refusals: Refusal[] = [];
  for (const [round, person] of people.entries()) {
    const client = new Client(person, round);
    const uses = replicas.flatMap((replica) => client.usesOf(replica));
    for (const use of uses) {
      const status = await use.send();
      if (status !== 200) throw new Error(`${use.name} was answered ${status} before the deactivation`);
    }
    const writer = replicas[round % replicas.length];
    if (!writer) throw new Error('there is no replica');
    const { status } = await writer.scim.send(client.deactivation(writer.subject));
    const answeredAt = performance.now();
    if (status !== 200) throw new Error(`the deactivation was answered ${status}`);
    const elsewhere = uses.filter(({ replica }) => replica !== writer);
    refusals.push(...(await Promise.all(elsewhere.map((use) => awaitRefusal(use, answeredAt)))));
  }

  const delays = refusals.map(({ delay }) => delay);
  return {
    kind: 'delay',
    cell: 'deactivation',
    title: 'from deactivated to refused at another replica',
    count: refusals.length,
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    largest: percentile(delays, 1),
    late: refusals.filter(({ isLate }) => isLate).length,
    target: TARGET,
  };
}

async function openReplica(subject: Subject): Promise<Replica> {
  const [scim, session, apiKey] = await Promise.all([
    HttpConnection.open(subject.port),
    HttpConnection.open(subject.port),
    HttpConnection.open(subject.port),
  ]);
  return { subject, scim, session, apiKey };
}

/** A credential at a replica. */
interface Use {
  readonly name: string;
  readonly replica: Replica;
  /** @returns the status of the answer */
  send(): Promise<number>;
}

/** Writes requests as a load balancer passes them on: each person has an address, and with it a budget for refusals. */
class Client {
  readonly #person: Credentials;
  readonly #address: string;

  constructor(person: Credentials, round: number) {
    this.#person = person;
    // Of the network for benchmarks (RFC 2544 section C.2.2).
    this.#address = `198.18.${Math.floor(round / 250)}.${(round % 250) + 1}`;
  }

  usesOf(replica: Replica): Use[] {
    const { sessionSecret, apiKey } = this.#person;
    const use = (name: string, connection: HttpConnection, credential: string): Use => {
      const request = this.#request('GET /api/v1/me', replica.subject, [credential]);
      return { name, replica, send: async () => (await connection.send(request)).status };
    };
    return [
      use('the session', replica.session, `Cookie: rollcall=${sessionSecret}`),
      use('the API key', replica.apiKey, `Authorization: Bearer ${apiKey}`),
    ];
  }

  deactivation(subject: Subject): string {
    const headers = [
      `Authorization: Bearer ${subject.token}`,
      'Content-Type: application/scim+json',
      `Content-Length: ${Buffer.byteLength(DEACTIVATE)}`,
    ];
    return this.#request(`PATCH /scim/v2/Users/${this.#person.userId}`, subject, headers) + DEACTIVATE;
  }

  #request(line: string, { port }: Subject, headers: readonly string[]): string {
    return [
      `${line} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `X-Forwarded-For: ${this.#address}`,
      ...headers,
      '\r\n',
    ].join('\r\n');
  }
}

/** @throws Error when it is not refused in time, or answered otherwise */
async function awaitRefusal(use: Use, answeredAt: number): Promise<Refusal> {
  let delay = 0;
  let isLate = false;
  let refused = 0;
  while (refused < CONFIRMATIONS) {
    const status = await use.send();
    const elapsed = performance.now() - answeredAt;
    if (status === 401) {
      if (refused === 0) delay = elapsed;
      refused += 1;
    } else if (status === 200) {
      isLate = true;
      refused = 0;
    } else throw new Error(`${use.name} was answered ${status} after the deactivation`);
    if (elapsed > PATIENCE) throw new Error(`${use.name} is still let in after ${PATIENCE} ms`);
  }
  return { delay, isLate };
}
