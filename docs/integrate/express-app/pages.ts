import type { Decision } from './access.ts';
import type { Caller } from './caller.ts';
import type { Run } from './runs.ts';

/** Markup in which every text has been escaped. */
class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function html(texts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const markup = texts.map((text, index) => {
    const value = values[index - 1];
    if (value === undefined) return text;
    if (typeof value === 'string') return escape(value) + text;
    return (value instanceof Html ? value.markup : value.map((part) => part.markup).join('')) + text;
  });
  return new Html(markup.join(''));
}

const page = (title: string, content: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" /><title>${title}</title>
      <h1>${title}</h1>
      ${content}
    </html>`.markup;

export const projectAddress = (project: string): string => `/app/projects/${encodeURIComponent(project)}`;

export const homePage = (caller: Caller, projects: readonly string[]): string =>
  page(
    'Runs',
    html`<p>Signed in as <strong>${caller.displayName}</strong> (${caller.email ?? caller.userName}).</p>
      <p>Teams: ${caller.teams.length === 0 ? 'none' : caller.teams.join(', ')}</p>
      <h2>Projects</h2>
      <ul>
        ${projects.map((id) => html`<li><a href="${projectAddress(id)}">${id}</a></li>`)}
      </ul>
      <p><a href="/logout">Sign out</a></p>`,
  );

export interface ProjectView {
  readonly project: string;
  readonly runs: readonly (Run & { readonly mayStop: Decision })[];
  readonly mayCreate: Decision;
}

export const projectPage = ({ project, runs, mayCreate }: ProjectView): string =>
  page(
    `Project ${project}`,
    html`<ul>
        ${runs.map(
          ({ id, createdBy, state, mayStop }) =>
            html`<li>
              ${id}, ${state}, made by ${createdBy}
              ${action(`${projectAddress(project)}/runs/${id}/stop`, 'Stop', mayStop)}
            </li>`,
        )}
      </ul>
      ${action(`${projectAddress(project)}/runs`, 'Start a run', mayCreate)}
      <p><a href="/app/">Back</a></p>`,
  );

/** A button, or why there is none. */
const action = (address: string, label: string, { isAllowed, reason }: Decision): Html =>
  isAllowed
    ? html`<form method="post" action="${address}"><button title="${reason}">${label}</button></form>`
    : html`<p>${label}: no. ${reason}</p>`;

export const refusalPage = (reason: string): string => page('This is not allowed', html`<p>${reason}</p>`);

export const problemPage = (title: string): string => page(title, html`<p><a href="/app/">Back</a></p>`);
