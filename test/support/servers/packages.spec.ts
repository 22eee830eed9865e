import { isDebian } from './packages.js';

describe('telling Debian by /etc/os-release', () => {
  it.each([
    ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"', true],
    ['ID=ubuntu\nID_LIKE=debian', true],
    ['ID=pop\nID_LIKE="ubuntu debian"', true],
    ['ID=alpine\nHOME_URL="https://debian.example"', false],
    ['ID="rhel"\nID_LIKE="fedora"', false],
  ])('%j: %s', (text, expected) => {
    expect(isDebian(text)).toBe(expected);
  });
});
