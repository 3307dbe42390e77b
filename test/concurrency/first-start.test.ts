import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createServices, type Services } from '../../src/app.js';
import { systemClock } from '../../src/kernel/clock.js';
import {
  connectPostgres,
  listMigrations,
  migrateToLatest,
  type DatabaseConnection,
} from '../../src/persistence/index.js';
import { administer, createDatabase, databaseUrl, type TestDatabase } from '../support/database.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { readConfig } from '../support/server.js';
import { range } from './support/replicas.js';

const connect = (url: string): DatabaseConnection =>
  connectPostgres({ url, poolSize: 4, onIdleError: () => undefined });

describeOnPostgres('replicas that start for the first time together', () => {
  describe('on an empty database', () => {
    const name = `rollcall_${randomBytes(8).toString('hex')}`;
    let connections: readonly DatabaseConnection[] = [];

    beforeAll(async () => {
      await administer(`create database ${name}`);
      connections = range(4).map(() => connect(databaseUrl(name)));
    });
    afterAll(async () => {
      for (const connection of connections) await connection.close();
      await administer(`drop database if exists ${name} with (force)`);
    });

    it('run every migration once, and all of them go on (product decision)', async () => {
      const done = await Promise.all(connections.map(({ db }) => migrateToLatest(db)));
      const [first] = connections;
      if (!first) throw new Error('nobody is connected');
      const known = await listMigrations(first.db);
      expect(done.flat().sort()).toEqual(known.map((migration) => migration.name));
      expect(known.every(({ executedAt }) => executedAt !== undefined)).toBe(true);
    });
  });

  describe('on a migrated database', () => {
    let database: TestDatabase;
    let others: readonly DatabaseConnection[] = [];
    let replicas: readonly Services[] = [];

    beforeEach(async () => {
      database = await createDatabase(4);
      others = range(3).map(() => connect(database.url ?? ''));
      const config = readConfig();
      replicas = [database.connection, ...others].map((connection) =>
        createServices(connection, systemClock, config),
      );
    });
    afterEach(async () => {
      for (const connection of others) await connection.close();
      await database.close();
    });

    const counts = async (): Promise<unknown> => {
      const { rows } = await sql`
        select (select count(*)::int from organizations) as organizations, (select count(*)::int from users) as users,
          (select count(*)::int from connections) as connections,
          (select count(*)::int from connection_tokens) as tokens`.execute(database.connection.db);
      return rows[0];
    };

    const INPUT = {
      adminEmail: 'root@example.com',
      adminPassword: 'correct horse battery staple',
      scimToken: 'a-token-of-thirty-two-characters-or-more',
    };

    it('bootstrap one organization, one admin, one connection and one token, and all of them go on', async () => {
      const organizations = await Promise.all(replicas.map(({ setup }) => setup.bootstrap(INPUT)));
      expect(new Set(organizations.map(({ id }) => id)).size).toBe(1);
      expect(await counts()).toEqual({ organizations: 1, users: 1, connections: 1, tokens: 1 });
    });

    it('bootstrap again without adding anything', async () => {
      await replicas[0]?.setup.bootstrap(INPUT);
      await Promise.all(replicas.map(({ setup }) => setup.bootstrap(INPUT)));
      expect(await counts()).toEqual({ organizations: 1, users: 1, connections: 1, tokens: 1 });
    });

    it('leave one setup link that works', async () => {
      const links = await Promise.all(replicas.map(({ setup }) => setup.issueSetupLink()));
      const alive = await Promise.all(
        links.map(async (link) => link !== undefined && (await replicas[0]?.setup.isSetupLink(link))),
      );
      expect(alive.filter(Boolean)).toHaveLength(1);
    });

    it('complete the set-up once, however often the form is sent', async () => {
      const link = (await replicas[0]?.setup.issueSetupLink()) ?? '';
      const outcomes = await Promise.allSettled(
        replicas.map(({ setup }, index) =>
          setup.completeSetup({
            link,
            email: `admin-${index}@example.com`,
            password: 'correct horse battery staple',
            connectionName: '',
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'setup.link_invalid' });
      expect(await counts()).toEqual({ organizations: 1, users: 1, connections: 1, tokens: 1 });
    });
  });
});
