import { readFileSync } from 'node:fs';

import { catalogue, settingNames } from './catalogue.js';

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');

  it('shows every setting, in the order of the catalogue, before those of docker compose', () => {
    const composed = lines.findIndex((line) => line.includes('docker compose alone'));
    const shown = lines.slice(0, composed).flatMap((line) => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(shown).toEqual(settingNames);
  });

  it.each(settingNames)('says what %s means', (name) => {
    expect(lines).toContain(`# ${catalogue[name].meaning.replaceAll('`', '')}`);
  });
});

it('README lists every setting with its meaning, in the order of the catalogue', () => {
  const rows = [...readFileSync('README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\|.*\|$/gm)];
  expect(rows.map(([, name, meaning]) => [name, meaning])).toEqual(
    settingNames.map((name) => [name, catalogue[name].meaning]),
  );
});
