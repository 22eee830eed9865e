import { MultiBar, type SingleBar } from 'cli-progress';

import { barLines, progressLine, wrapped } from './lines.js';
import type { Progress } from './stages.js';

/** Shows progress to a person, and lines in between without disturbing it. */
export interface View {
  show(progress: Progress): void;
  print(line: string): void;
  close(): void;
}

const LINE_EVERY_MS = 5_000;
/** A printed line takes the place of a bar that may be longer; while bars are shown the terminal wraps nothing. */
const ERASE_REST = '\x1b[K';

/** Bars on a terminal, otherwise a plain line every five seconds. Both on standard error. */
export function viewOn(stream: NodeJS.WriteStream): View {
  return stream.isTTY ? barView(stream) : lineView((line) => void stream.write(`${line}\n`), Date.now);
}

function barView(stream: NodeJS.WriteStream): View {
  const bars: SingleBar[] = [];
  const format = (_options: unknown, _params: unknown, { line }: { line: string }) => line;
  const all = new MultiBar({
    stream,
    format,
    hideCursor: true,
    gracefulExit: false,
    forceRedraw: true,
    linewrap: false,
  });
  return {
    show(progress) {
      const lines = barLines(progress, stream.columns - 1);
      for (const bar of bars) bar.update(0, { line: lines.shift() ?? '' });
      for (const line of lines) bars.push(all.create(1, 0, { line }));
    },
    print(line) {
      if (bars.length > 0) for (const piece of wrapped(line, stream.columns - 1)) all.log(`${piece}${ERASE_REST}\n`);
      else stream.write(`${line}\n`);
    },
    close() {
      if (bars.length === 0) return;
      all.update();
      all.stop();
      stream.write('\n');
    },
  };
}

/** Plain lines, no more often than every five seconds and only where something changed. */
export function lineView(write: (line: string) => void, now: () => number): View {
  let [last, at] = ['', now() - LINE_EVERY_MS];
  let latest = '';
  const tell = () => {
    if (latest !== last) write(latest);
    [last, at] = [latest, now()];
  };
  return {
    show(progress) {
      latest = progressLine({
        ...progress,
        stages: progress.stages.filter((_, index) => index === 0 || index === progress.stages.length - 1),
      });
      if (now() - at >= LINE_EVERY_MS) tell();
    },
    print: write,
    close: tell,
  };
}
