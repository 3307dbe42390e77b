import { FORM_TOKEN_FIELD } from '../http/index.js';
import { markup, type Html } from './html.js';

/** One field of a form, with its label, and the problem with what was entered. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type: 'email' | 'password' | 'text';
  /** A token of the HTML standard's autofill list, such as `current-password`. */
  readonly autocomplete: string;
  /** As typed before; passwords are typed anew. */
  readonly value?: string;
  readonly error?: string | undefined;
  /** True for the field to begin with. */
  readonly isFirst?: boolean;
}

/** A labelled input whose problem is announced with it. */
export function renderField(field: FormField): Html {
  const { name, label, hint, type, autocomplete, value = '', error } = field;
  const message =
    error === undefined ? undefined : markup`<p class="error" id="${name}-error" role="alert">${error}</p>`;
  const described =
    error === undefined ? undefined : markup` aria-invalid="true" aria-describedby="${name}-error"`;
  const hintText = hint === undefined ? undefined : markup`<span class="hint">${hint}</span>`;
  const focus = field.isFirst === true ? markup` autofocus` : undefined;
  return markup`<label for="${name}">${label}${hintText}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${autocomplete}"
      required${focus}${described}
    />
    ${message}`;
}

/** The hidden field by which `FormGuard` knows a form. */
export const renderFormToken = (token: string): Html =>
  markup`<input type="hidden" name="${FORM_TOKEN_FIELD}" value="${token}" />`;

export const renderHidden = (name: string, value: string | undefined): Html | undefined =>
  value === undefined ? undefined : markup`<input type="hidden" name="${name}" value="${value}" />`;
