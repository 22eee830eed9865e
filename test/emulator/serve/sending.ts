import type { ServerResponse } from 'node:http';

import type { Fault } from './faults.js';

const HTML = '<!doctype html><html><body><h1>Sign in to continue</h1></body></html>';

/** Sends a value as JSON, as it should be or as the fault wants it. */
export function send(response: ServerResponse, status: number, value: unknown, fault?: Fault): void {
  switch (fault?.fault) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'status':
      return refuse(response, fault);
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(HTML);
      return;
  }
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  if (fault?.fault === 'truncated') {
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  } else if (fault?.fault === 'slow') {
    response.write(body.subarray(0, body.length >> 1));
    const rest = setTimeout(() => response.end(body.subarray(body.length >> 1)), fault.ms);
    response.once('close', () => clearTimeout(rest));
  } else {
    response.end(body);
  }
}

function refuse(response: ServerResponse, { status, retryAfter, retryAfterAs }: Fault): void {
  if (retryAfter !== undefined) {
    const at = new Date(Date.now() + retryAfter * 1000).toUTCString();
    response.setHeader('retry-after', retryAfterAs === 'date' ? at : String(retryAfter));
  }
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ detail: status === 401 ? 'Could not validate credentials' : 'emulated fault' }));
}
