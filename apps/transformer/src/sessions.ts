import { details, type RawSession, type RowDocument } from '#contracts';

import type { Cell } from './cells.js';
import { readDetail } from './details.js';
import type { Findings } from './findings.js';
import { flatten } from './flatten.js';
import { shapeOf, withColumns } from './shape.js';

const whole = shapeOf('session', 'session', 'sessions');
const withoutInfo = withColumns(whole, (name) => name !== 'additional_info');

/**
 * A session as documents of rows, and which details are missing. `id` owns all of them, whatever ET repeats within.
 * Where only details were asked for, there is no document of the session itself.
 */
export function mapSession(
  session: RawSession,
  id: Cell,
  detailOwnsInfo: boolean,
  findings: Findings,
): { documents: RowDocument[]; unknown: RawSession['unknown'] } {
  const shape = detailOwnsInfo ? withoutInfo : whole;
  const documents: RowDocument[] = [];
  if (session.session) {
    const rows = flatten(shape, [session.session], id, findings);
    documents.push({ document: 'session', version: session.version, rows });
  }
  const unknown = [...session.unknown];

  for (const document of details) {
    const answer = session.documents[document];
    if (!answer) continue;
    const read = readDetail(document, answer.body, id, findings);
    if ('reason' in read) unknown.push({ document, reason: read.reason });
    else documents.push({ document, version: answer.version, rows: flatten(read.shape, read.records, id, findings) });
  }
  return { documents, unknown };
}
