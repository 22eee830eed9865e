import { halves, WHOLE_DAY } from './windows.js';

test('a day falls into halves that share noon', () => {
  expect(halves(WHOLE_DAY)).toEqual([
    { from: 0, to: 720 },
    { from: 720, to: 1439 },
  ]);
});

test('cutting on and on covers every minute and ends at windows of one minute', () => {
  const smallest = [];
  const open = [WHOLE_DAY];
  for (let window = open.pop(); window; window = open.pop()) {
    const parts = halves(window);
    if (parts) open.push(...parts);
    else smallest.push(window);
  }
  expect(smallest).toHaveLength(1439);
  expect(smallest.sort((a, b) => a.from - b.from)).toEqual(
    Array.from({ length: 1439 }, (_, minute) => ({ from: minute, to: minute + 1 })),
  );
});
