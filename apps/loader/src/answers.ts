import { Injectable } from '@nestjs/common';

import type { Answer, Question } from '#contracts';

import { Database } from './database.js';
import { Dispatcher } from './dispatcher.js';
import { controlRun, stoppedRuns } from './ledger/control-run.js';
import { gapsOf } from './ledger/gaps.js';
import { openRun } from './ledger/open-run.js';
import { planStateOf } from './ledger/plan-state.js';
import { rejectOf, rejectsOf } from './ledger/rejects.js';
import { reopenSlices } from './ledger/reopen-slices.js';
import { runReport } from './ledger/run-report.js';
import { statusReport } from './ledger/status.js';
import type { Transaction } from './transaction.js';

/** Answers questions about state, each from the database, in one transaction. */
@Injectable()
export class Answers {
  constructor(
    private readonly database: Database,
    private readonly dispatcher: Dispatcher,
  ) {}

  async answer(question: Question): Promise<Answer> {
    const answer = await this.database.transaction((tx) => this.answerIn(tx, question, new Date()));
    if (question.type === 'open-run' || question.type === 'control-run') this.dispatcher.wake();
    return answer;
  }

  private async answerIn(tx: Transaction, question: Question, now: Date): Promise<Answer> {
    const { type } = question;
    switch (type) {
      case 'plan-state':
        return { type, state: await planStateOf(tx, this.database.dialect, question.from, now) };
      case 'open-run':
        return { type, ...(await openRun(tx, question.plan, now)) };
      case 'control-run': {
        const state = await controlRun(tx, question.runId, question.action, now);
        return { type, known: state !== null, state };
      }
      case 'stopped-runs':
        return { type, runIds: await stoppedRuns(tx, now) };
      case 'run':
        return { type, run: await runReport(tx, question.runId, now) };
      case 'status':
        return { type, status: await statusReport(tx, now, question.today) };
      case 'gaps':
        return { type, gaps: await gapsOf(tx, question.today) };
      case 'reopen-slices':
        return { type, reopened: (await reopenSlices(tx, question.sliceIds, 'queued', now)).reopened };
      case 'rejects':
        return { type, ...(await rejectsOf(tx, question)) };
      case 'reject':
        return { type, ...(await rejectOf(tx, question)) };
    }
  }
}
