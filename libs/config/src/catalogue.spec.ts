import { readFileSync } from 'node:fs';

import { catalogue, settingNames } from './catalogue.js';

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');

  it('shows every setting, in the order of the catalogue', () => {
    const shown = lines.flatMap((line) => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(shown).toEqual(settingNames);
  });

  it.each(settingNames)('says what %s means', (name) => {
    expect(lines).toContain(`# ${catalogue[name].meaning.replaceAll('`', '')}`);
  });
});
