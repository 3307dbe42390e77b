import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { startSmtpSink } from '../support/fakes/smtp-sink.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { MailWorker, SmtpSender } from '../../src/mail/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { createLogger } from '../../src/observability/index.js';
import { range, useReplicas } from './support/replicas.js';

const MAILS = 40;

describeOnPostgres('mails sent by several processes at once (product decision)', () => {
  const replicas = useReplicas();

  it('arrive once each, whoever sends them', async () => {
    const sink = await startSmtpSink();
    const { servers } = replicas();
    const { id } = await replicas().organization();
    const { unitOfWork, mailOutbox } = servers[0].services;
    await unitOfWork.transaction(async (stores) => {
      for (const n of range(MAILS))
        await mailOutbox.leave(stores, id, {
          kind: 'invitation',
          to: `person-${n}@example.com`,
          link: 'https://rollcall.example.com/invitations/x',
          organizationName: 'Everybody',
          inviterName: undefined,
          expiresAt: '2026-12-01T09:30:00.000Z',
        });
    });
    const workers = [...servers, ...servers].map(
      ({ services }) =>
        new MailWorker({
          outbox: services.mailOutbox,
          store: services.unitOfWork.stores.mailOutbox,
          sender: new SmtpSender({ url: sink.url, from: { name: '', address: 'rollcall@example.com' } }),
          clock: systemClock,
          logger: createLogger('silent'),
        }),
    );
    const tried = await Promise.all(workers.map((worker) => worker.deliverDue()));
    expect(tried.reduce((sum, count) => sum + count)).toBe(MAILS);
    expect(tried.filter((count) => count > 0).length).toBeGreaterThan(1);
    const addresses = sink.mails.flatMap(({ to }) => to);
    expect(addresses).toHaveLength(MAILS);
    expect(new Set(addresses).size).toBe(MAILS);
    const { rows } = await sql<{ state: string; count: number }>`
      select state, count(*)::int as count from mail_outbox where org_id = ${id}::uuid group by state`.execute(
      servers[0].database.connection.db,
    );
    expect(rows).toEqual([{ state: 'sent', count: MAILS }]);
    await sink.close();
  });
});
