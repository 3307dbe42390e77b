import type { Request, Response } from 'express';
import type { AnsweredRequest, RequestFailure } from '../../directory/provisioning-log/log-entry.js';
import type { ProvisioningLog } from '../../directory/provisioning-log/provisioning-log.js';
import type { ClientAddress } from '../../http/index.js';
import { isUuid } from '../../kernel/ids.js';
import { hashSecret } from '../../kernel/secrets.js';
import type { FailedOperations } from '../exchange.js';
import type { ScimError } from '../errors.js';
import { readCredential } from '../steps/authenticate.js';
import type { RequestTrace } from '../steps/request-trace.js';
import { ClientRecogniser } from './recognise-client.js';
import { cutText, redactBody, redactText } from './redact-body.js';

export interface RequestLogDependencies {
  readonly provisioningLog: Pick<ProvisioningLog, 'isOn' | 'record' | 'recordRefusal'>;
  readonly clientAddress: ClientAddress;
}

/** Puts an answered request into the provisioning log of its connection, when it has one. */
export type LogRequest = (trace: RequestTrace, request: Request, response: Response) => void;

/** Characters of a detail that are kept. */
const DETAIL_LENGTH = 500;

export function createRequestLog({ provisioningLog, clientAddress }: RequestLogDependencies): LogRequest {
  const clients = new ClientRecogniser();
  return (trace, request, response) => {
    if (!provisioningLog.isOn) return;
    const caller = trace.admission?.caller;
    const { method } = request;
    const { statusCode: status } = response;
    const operation = trace.operation ?? 'refused';
    const connectionId = caller?.connection.id ?? '';
    const answered: Omit<AnsweredRequest, 'organizationId' | 'connectionId'> = {
      requestId: trace.requestId,
      client: clients.recognise({
        connectionId,
        userAgent: request.headers['user-agent'],
        search: trace.admission?.search ?? '',
        body: trace.body,
      }),
      operation,
      method,
      isRead: method === 'GET' || method === 'HEAD' || operation.endsWith('search'),
      targetId: isUuid(trace.targetId) ? trace.targetId : undefined,
      status,
      failure: failureOf(trace),
      duration: performance.now() - trace.startedAt,
      sourceAddress: clientAddress(request),
    };
    if (caller) {
      const { organizationId } = caller.connection;
      provisioningLog.record({ ...answered, organizationId, connectionId });
    } else if (status === 401) {
      const secret = readCredential(request.headers.authorization);
      if (secret !== undefined) provisioningLog.recordRefusal(hashSecret(secret), answered);
    }
  };
}

function failureOf({ error, failedOperations, body }: RequestTrace): RequestFailure | undefined {
  const renderRequest = () => (body ? redactBody(body) : undefined);
  if (error) return { code: codeOf(error), detail: detailOf(error.problem.detail), renderRequest };
  if (!failedOperations) return undefined;
  return {
    code: codeOf({ problem: failedOperations.first }),
    detail: summarise(failedOperations),
    renderRequest,
  };
}

const summarise = ({ count, of, first }: FailedOperations): string =>
  detailOf(`${count} of ${of} operations failed, the first with ${first.status}: ${first.detail}`);

const detailOf = (text: string): string => cutText(redactText(text), DETAIL_LENGTH);

/** Names for what SCIM has no keyword for. */
const CODES_BY_STATUS: Readonly<Record<number, string>> = {
  404: 'request.unknown_address',
  405: 'request.unknown_method',
  413: 'request.too_large',
  414: 'request.target_too_long',
  415: 'request.unsupported_media_type',
  500: 'internal',
  501: 'not_implemented',
};

const codeOf = ({
  code,
  problem,
}: Pick<ScimError, 'problem'> & { readonly code?: string | undefined }): string =>
  code ?? problem.scimType ?? CODES_BY_STATUS[problem.status] ?? `status.${problem.status}`;
