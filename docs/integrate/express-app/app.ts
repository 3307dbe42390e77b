import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { AccessUnavailable, type Access, type Resource } from './access.ts';
import { readCaller, type Caller } from './caller.ts';
import type { Config } from './config.ts';
import { homePage, problemPage, projectAddress, projectPage, refusalPage } from './pages.ts';
import type { Run, Runs } from './runs.ts';

interface Dependencies {
  readonly access: Access;
  readonly runs: Runs;
  readonly proxies: Config['proxies'];
}

/** Runs on a page: each is a question, and a request takes 1,000. */
const SHOWN_RUNS = 100;

const projectOf = (id: string): Resource => ({ type: 'project', id });
const runOf = ({ id, project, createdBy }: Run): Resource => ({
  type: 'run',
  id,
  properties: { project, createdBy },
});

/** The application: everybody who comes through the proxy is signed in, and Rollcall decides what each may do. */
export function createApp({ access, runs, proxies }: Dependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(protect);
  app.use((request, response, next) => {
    const caller = readCaller(request, proxies);
    if (caller) {
      callers.set(request, caller);
      next();
    } else refuse(response, 'This application is reached through its proxy.');
  });

  app.get('/app/', async (request, response) => {
    const caller = callerOf(request);
    response.send(homePage(caller, await access.visibleProjects(caller)));
  });

  app.get('/app/projects/:project', async (request, response) => {
    const caller = callerOf(request);
    const { project } = request.params;
    const found = runs.of(project).slice(-SHOWN_RUNS);
    const [mayRead, mayCreate, ...mayStop] = await access.mayDoEach(caller, [
      { action: 'project:read', resource: projectOf(project) },
      { action: 'run:create', resource: projectOf(project) },
      ...found.map((run) => ({ action: 'run:stop', resource: runOf(run) })),
    ]);
    if (!mayRead || !mayCreate) throw new AccessUnavailable('an answer is missing');
    if (!mayRead.isAllowed) return refuse(response, mayRead.reason);
    const missing = { isAllowed: false, reason: '' };
    response.send(
      projectPage({
        project,
        mayCreate,
        runs: found.map((run, index) => ({ ...run, mayStop: mayStop[index] ?? missing })),
      }),
    );
  });

  app.post('/app/projects/:project/runs', async (request, response) => {
    const caller = callerOf(request);
    const { project } = request.params;
    // The button was a hint. What counts is the answer at this moment.
    const mayCreate = await access.mayDo(caller, 'run:create', projectOf(project));
    if (!mayCreate.isAllowed) return refuse(response, mayCreate.reason);
    runs.create(project, caller.subject.id);
    response.redirect(303, projectAddress(project));
  });

  app.post('/app/projects/:project/runs/:run/stop', async (request, response) => {
    const caller = callerOf(request);
    const { project } = request.params;
    const run = runs.find(project, request.params.run);
    if (!run) return void response.status(404).send(problemPage('There is no such run'));
    const mayStop = await access.mayDo(caller, 'run:stop', runOf(run));
    if (!mayStop.isAllowed) return refuse(response, mayStop.reason);
    runs.stop(run);
    response.redirect(303, projectAddress(project));
  });

  app.use((_request, response) => void response.status(404).send(problemPage('There is nothing here')));
  app.use(answerError);
  return app;
}

const callers = new WeakMap<Request, Caller>();

function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('a request has no caller');
  return caller;
}

function refuse(response: Response, reason: string): void {
  response.status(403).send(refusalPage(reason));
}

/** The proxy adds the person's identity to every request, so a form on another site must not be able to make one. */
function protect(request: Request, response: Response, next: NextFunction): void {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  response.setHeader('Cache-Control', 'no-store');
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (isReading || request.headers['sec-fetch-site'] === 'same-origin') next();
  else refuse(response, 'The form was not sent from a page of this application.');
}

/** Without an answer of Rollcall nothing is allowed, and nobody is told that it was denied. */
function answerError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const isAway = error instanceof AccessUnavailable;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (isAway) response.setHeader('Retry-After', '5');
  response
    .status(isAway ? 503 : 500)
    .send(problemPage(isAway ? 'Access cannot be checked at the moment' : 'Something went wrong'));
}
