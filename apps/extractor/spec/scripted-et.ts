import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the scripted ET saw it; the path without `/api/v1`. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: JSON with a status, or whatever the function does to the response. */
export type Reply =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | ((response: ServerResponse) => void);

/** A real HTTP server that answers by script, for faults too exact for the emulator. */
export interface ScriptedEt {
  readonly url: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export async function scriptedEt(script: (request: Seen) => Reply): Promise<ScriptedEt> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://et');
      const path = url.pathname.replace(/^\/api\/v1/, '');
      const asked = { method: request.method ?? '', path, query: url.searchParams, headers: request.headers, body };
      seen.push(asked);
      const reply = script(asked);
      if (typeof reply === 'function') return reply(response);
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json; charset=utf-8', ...reply.headers });
      return response.end(JSON.stringify(reply.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers the first requests by the first replies, all later ones by the last. */
export function inTurn(...replies: [Reply, ...Reply[]]): () => Reply {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)] as Reply;
}
