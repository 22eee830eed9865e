// Installs and builds what is missing before a script runs. It runs on whatever Node the machine has (18 or later)
// and before anything is installed, so it uses nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIsCurrent, installIsCurrent } from './freshness.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...names) => path.join(root, ...names);

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

function step(title, command, args) {
  process.stdout.write(`${title} … `);
  const began = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) {
    console.log(`${((Date.now() - began) / 1000).toFixed(1)} s`);
    return;
  }
  console.log('failed');
  console.error(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`.trimEnd());
  process.exit(1);
}

function install() {
  const lock = readJson(inRoot('package-lock.json'));
  const installed = readJson(inRoot('node_modules', '.package-lock.json'));
  if (installIsCurrent(lock, installed) && existsSync(inRoot('node_modules', 'node', 'bin', 'node'))) return;
  // npm hands its own path to the scripts it runs; the machine may hold another npm first on PATH.
  // Warnings are held back because they are about the machine's Node, which only installs and starts ours.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-progress', '--loglevel=error'];
  if (npm) step('Installing dependencies', process.execPath, [npm, ...args]);
  else step('Installing dependencies', 'npm', args);
}

function build() {
  const stamp = inRoot('dist', '.built');
  if (buildIsCurrent(root, stamp)) return;
  step('Building', process.execPath, [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
  writeFileSync(stamp, '');
}

install();
if (process.argv.includes('--build')) build();
