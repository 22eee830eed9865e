import { parseDotenv } from './dotenv.js';

describe('parseDotenv', () => {
  it.each([
    ['a plain value', 'ET_USER=ann@example.com', 'ann@example.com'],
    ['white space around it', '  ET_USER =  ann  ', 'ann'],
    ['export', 'export ET_USER=ann', 'ann'],
    ['an empty value', 'ET_USER=', ''],
    ['a comment after white space', 'ET_USER=ann # the boss', 'ann'],
    ['nothing but a comment', 'ET_USER= # none', ''],
    ['a # within a password', 'ET_USER=p#ss', 'p#ss'],
    ['an = within a value', 'ET_USER=a=b==', 'a=b=='],
    ['double quotes', 'ET_USER="a # b" # comment', 'a # b'],
    ['single quotes, kept as they are', "ET_USER='a\\n$b'", 'a\\n$b'],
    ['escapes within double quotes', 'ET_USER="a\\n\\"b\\\\"', 'a\n"b\\'],
    ['a value over two lines', 'ET_USER="a\nb"', 'a\nb'],
    ['a byte order mark', '\uFEFFET_USER=ann', 'ann'],
    ['Windows line ends', '# x\r\nET_USER=ann\r\n', 'ann'],
    ['the last of two', 'ET_USER=bob\nET_USER=ann', 'ann'],
    ['no expansion', 'ET_USER=$HOME/${HOME}', '$HOME/${HOME}'],
  ])('reads %s', (_, text, value) => {
    expect(parseDotenv(text)).toEqual({ values: { ET_USER: value }, problems: [] });
  });

  it('tells every malformed line by number and never by content', () => {
    const { values, problems } = parseDotenv(
      ['A=1', 's3cret', '3B=s3cret', 'C D=s3cret', ': s3cret', 'E="s3cret" s3cret', 'F=2', "G='s3cret"].join('\n'),
    );
    expect(values).toEqual({ A: '1', F: '2' });
    expect(problems.map(({ variable }) => variable)).toEqual([2, 3, 4, 5, 6, 8].map((line) => `.env line ${line}`));
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  });

  it('tells where a quote that swallows the rest was opened', () => {
    const { problems } = parseDotenv('A="1\nB=2\nC=3');
    expect(problems).toEqual([expect.objectContaining({ variable: '.env line 1', mend: 'end the value with "' })]);
  });
});
