import { UUID, type Message, type Stage } from '#contracts';
import type { Delivery } from '#messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';

import { asFault } from './faults.js';
import { PageReader } from './page-reader.js';
import type { RunRequest } from './planning/requests.js';
import { RunOpener } from './run-opener.js';
import { SessionReader } from './session-reader.js';
import { SliceReader } from './slice-reader.js';
import { EMBEDDED } from './tokens.js';

/** What the extractor does with each message it takes. */
@Controller()
export class ExtractorController {
  constructor(
    private readonly opener: RunOpener,
    private readonly slices: SliceReader,
    private readonly pages: PageReader,
    private readonly sessions: SessionReader,
    @Inject(EMBEDDED) private readonly embedded: boolean,
  ) {}

  @EventPattern<Stage>('commands')
  async obey(@Payload() command: Message<'commands'>, @Ctx() delivery: Delivery): Promise<void> {
    if (command.type === 'pause' || command.type === 'resume' || command.type === 'cancel') {
      await this.opener.control(command.runId, command.type);
      return;
    }
    await this.doing(`opening a run for the command ${command.type}`, delivery, async () => {
      await this.opener.openRun(requestOf(command, delivery.messageId));
    });
  }

  @EventPattern<Stage>('slices')
  async list(@Payload() slice: Message<'slices'>, @Ctx() delivery: Delivery): Promise<void> {
    const { subject } = slice;
    await this.doing(`reading slice ${slice.sliceId}`, delivery, (signal) =>
      subject.kind === 'sessions'
        ? this.sessions.read(slice, subject, signal)
        : this.slices.read(slice, subject, signal),
    );
  }

  @EventPattern<Stage>('pages')
  async ask(@Payload() page: Message<'pages'>, @Ctx() delivery: Delivery): Promise<void> {
    const what = `asking for details of slice ${page.slice.sliceId}`;
    await this.doing(what, delivery, (signal) => this.pages.read(page, signal));
  }

  private async doing(what: string, { signal }: Delivery, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await work(signal);
    } catch (error) {
      throw asFault(error, what, { signal, embedded: this.embedded });
    }
  }
}

/** A command delivered twice asks for one run: without an id of its own it takes the message's, where that is unique. */
function requestOf(
  command: Extract<Message<'commands'>, { type: 'sync' | 'backfill' | 'heal' }>,
  messageId: string,
): Exclude<RunRequest, { kind: 'scheduled' }> {
  const runId = command.runId ?? (UUID.test(messageId) ? messageId : undefined);
  if (command.type === 'sync') return { kind: 'sync', runId };
  if (command.type === 'heal') return { kind: 'heal', allowDeletes: command.allowDeletes, runId };
  const { from, to, filters, force } = command;
  return { kind: 'backfill', from, to, filters, force, runId };
}
