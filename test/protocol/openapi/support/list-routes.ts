import type { Express } from 'express';

/** As much of Express's router (the package `router`) as names its routes. */
interface Layer {
  /** As given to `use`, `get` and so on. */
  readonly rawPath: unknown;
  readonly route?: {
    readonly path: string | readonly string[];
    /** One for each handler; without a method for those of `all`. */
    readonly stack: readonly { readonly method?: string }[];
  };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/**
 * Every method and path that an Express application answers, mounted routers included, such as `GET /scim/Users/{id}`.
 * `all` gives none: it refuses what the methods of its path have left over.
 */
export const listRoutes = (application: Express): readonly string[] =>
  listLayers((application.router as unknown as { readonly stack: readonly Layer[] }).stack, '');

const listLayers = (layers: readonly Layer[], prefix: string): readonly string[] =>
  layers.flatMap(({ rawPath, route, handle }) => {
    if (handle.stack && !route) return listLayers(handle.stack, mountPath(prefix, rawPath));
    if (!route) return [];
    const methods = new Set(
      route.stack.flatMap(({ method }) => (method === undefined ? [] : [method.toUpperCase()])),
    );
    return [route.path]
      .flat()
      .flatMap((path) => [...methods].map((method) => `${method} ${template(join(prefix, path))}`));
  });

/** A router without a path of its own is mounted at `/`, where its paths begin with their own slash. */
function mountPath(prefix: string, path: unknown): string {
  if (typeof path !== 'string') throw new Error('a router is mounted at more than one path');
  return path === '/' ? prefix : prefix + path;
}

const join = (prefix: string, path: string): string =>
  path === '/' && prefix !== '' ? prefix : prefix + path;

const template = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');
