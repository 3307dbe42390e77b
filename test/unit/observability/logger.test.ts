import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../src/kernel/errors.js';
import { createLogger, type Logger } from '../../../src/observability/logger.js';

function logged(write: (logger: Logger) => void, level = 'info'): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('is one JSON object a line with an ISO time, a level by name and the message', () => {
    const [line] = logged((logger) => logger.info({ requestId: 'r1' }, 'listening'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      requestId: 'r1',
      msg: 'listening',
    });
  });

  it('leaves out what is less severe than its level', () => {
    expect(logged((logger) => logger.info('quiet'), 'warn')).toEqual([]);
    expect(logged((logger) => logger.fatal('quiet'), 'silent')).toEqual([]);
  });

  it.each(['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'assertion', 'body'])(
    'never shows %s, at any depth it is logged at',
    (key) => {
      const text = JSON.stringify(
        logged((logger) => {
          logger.info({ [key]: 'hunter2' });
          logger.info({ request: { [key]: 'hunter2' } });
          logger.info({ request: { headers: { [key]: 'hunter2' } } });
          logger.child({ [key]: 'hunter2' }).info('child');
        }),
      );
      expect(text).not.toContain('hunter2');
      expect(text.match(/\[redacted\]/g)).toHaveLength(4);
    },
  );
});

describe('an error in the log', () => {
  it('has type, message, stack, code and causes', () => {
    const error = new DomainError('database.unavailable', { cause: new Error('socket closed') });
    const [line] = logged((logger) => logger.error({ err: error }, 'failed'));
    expect(line?.['err']).toMatchObject({
      type: 'DomainError',
      code: 'database.unavailable',
      stack: expect.any(String),
      cause: { type: 'Error', message: 'socket closed' },
    });
  });

  it('has no row and no parameters that a database driver attached (they are personal data)', () => {
    const error = Object.assign(new Error('duplicate key value violates unique constraint'), {
      code: '23505',
      constraint: 'users__org_id_user_name_key__uq',
      detail: 'Key (user_name_key)=(ada@example.com) already exists.',
      parameters: ['ada@example.com'],
    });
    const [line] = logged((logger) => logger.error({ err: error }, 'failed'));
    expect(line?.['err']).toMatchObject({ code: '23505', constraint: 'users__org_id_user_name_key__uq' });
    expect(JSON.stringify(line)).not.toContain('ada@example.com');
  });

  it('may be anything that was thrown, even a circle of causes', () => {
    const circle = new Error('round');
    circle.cause = circle;
    const lines = logged((logger) => {
      logger.error({ err: 'a string' });
      logger.error({ err: undefined });
      logger.error({ err: circle });
    });
    expect(lines).toHaveLength(3);
    expect(lines[0]?.['err']).toEqual({ type: 'string', message: 'a string' });
  });
});
