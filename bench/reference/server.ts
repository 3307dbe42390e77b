/**
 * The yardstick: Express 5 and pg with as little as possible between them. It authenticates nobody, checks nothing,
 * writes no audit trail and counts no totals. Configured by PORT, DATABASE_URL, DATABASE_POOL_SIZE and
 * DOCUMENT_TEMPLATE (a JSON DocumentTemplate).
 */
import express from 'express';
import pg from 'pg';
import { decisionsRouter } from './decisions.ts';
import type { DocumentTemplate } from './document-template.ts';
import { groupsRouter } from './groups.ts';
import { usersRouter } from './users.ts';

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_SIZE']),
});
const template = JSON.parse(process.env['DOCUMENT_TEMPLATE'] ?? '') as DocumentTemplate;

const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.use('/scim/v2', express.json({ type: 'application/scim+json', limit: '8mb' }));
app.use('/scim/v2', usersRouter(pool, template));
app.use('/scim/v2', groupsRouter(pool));
app.use('/access/v1', express.json({ limit: '8mb' }), decisionsRouter(pool));

const server = app.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close(() => void pool.end());
  server.closeAllConnections();
});
