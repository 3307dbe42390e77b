import { IncomingMessage, ServerResponse, type RequestListener, type ServerOptions } from 'node:http';

/** What Express keeps the prototypes of its requests and responses in. */
interface ExpressLike {
  request: object;
  response: object;
}

const isExpress = (handler: object): handler is ExpressLike => 'request' in handler && 'response' in handler;

/**
 * Classes for the messages of a server, whose instances are born with the prototypes that Express gives each message
 * otherwise when it arrives. An object that changes its prototype is slower from then on, and so is what handles it.
 * @returns options for `createServer`; none for a handler that is no Express application
 */
export function messageClasses(
  handler: RequestListener,
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  if (!isExpress(handler)) return {};
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse<For extends IncomingMessage = IncomingMessage> extends ServerResponse<For> {}
  Object.setPrototypeOf(ExpressRequest.prototype, handler.request);
  Object.setPrototypeOf(ExpressResponse.prototype, handler.response);
  handler.request = ExpressRequest.prototype;
  handler.response = ExpressResponse.prototype;
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
}
