import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

import type { Answer, Message, Stage } from '#contracts';

import { Answers } from './answers.js';

@Controller()
export class QuestionsController {
  constructor(private readonly answers: Answers) {}

  @MessagePattern<Stage>('questions')
  async answer(@Payload() question: Message<'questions'>): Promise<Answer> {
    return this.answers.answer(question);
  }
}
