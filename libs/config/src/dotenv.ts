import type { Problem } from './problems.js';

export interface Dotenv {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/s;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/**
 * Reads the text of a `.env` file as python-dotenv does, so that files of the original script keep their meaning: a
 * `#` after white space starts a comment, double quotes know escapes, quoted values may hold line breaks, nothing is
 * expanded. Lines that are no assignment are told by number, never by content.
 */
export function parseDotenv(text: string): Dotenv {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, written = ''] = assignment.exec(line) ?? [];
    if (name === undefined) {
      problems.push(
        fault(number, 'is no assignment', 'write NAME=value, or start the line with # to make it a comment'),
      );
      continue;
    }
    const quote = /^["']/.exec(written)?.[0];
    if (quote === undefined) {
      values[name] = written.replace(/(^|\s+)#.*$/, '').trim();
      continue;
    }
    let quoted = written.slice(1);
    let end = closing(quoted, quote);
    while (end < 0 && index + 1 < lines.length) {
      index += 1;
      quoted += `\n${lines[index] ?? ''}`;
      end = closing(quoted, quote);
    }
    if (end < 0) {
      problems.push(
        fault(number, `sets ${name} to a value whose quote is never closed`, `end the value with ${quote}`),
      );
    } else if (!/^\s*(#.*)?$/.test(quoted.slice(end + 1))) {
      const mend = 'write \\" for a quote within the value, or put the value in the other kind of quotes';
      problems.push(fault(number, `has text after the closing quote of ${name}`, mend));
    } else {
      values[name] = unescape(quoted.slice(0, end), quote);
    }
  }
  return { values, problems };
}

function closing(text: string, quote: string): number {
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === quote) return index;
  }
  return -1;
}

function unescape(text: string, quote: string): string {
  if (quote === "'") return text.replace(/\\([\\'])/g, '$1');
  return text.replace(/\\([nrt"\\])/g, (_, letter: string) => escapes[letter] ?? letter);
}

function fault(line: number, problem: string, mend: string): Problem {
  return { variable: `.env line ${line}`, problem, mend };
}
