import type { Random } from './random.js';

/** What breaks naive programs: one of these is mixed into every twelfth text. */
export const oddTexts: readonly string[] = [
  'до\u0000після',
  '\u0000',
  // Not U+0000 but the six characters of its escape: must survive as they are.
  'C:\\u0000\\нові\\\\файли',
  'обірваний \ud83d смайл',
  '\udc00 на початку',
  'в кінці \ud800',
  '👩‍👩‍👧‍👦 родина 🇺🇦',
  '𝒳 𠜎 𐍈',
  'שלום, עולם',
  'مرحبا بالعالم \u202e!olleh\u202c',
  'e\u0301 й и\u0306 Å A\u030a',
  `O'Brien: "так", «ні», \`хтозна\``,
  "'; DROP TABLE sessions; --",
  '\\',
  '"',
  "''",
  'рядок\nрядок\r\nрядок\tтабуляція',
  '\u2028\u2029\u0085',
  '\ufeffBOM',
  '\u0001\u0007\u001b[31m\u007f',
  '\uffff \ufdd0',
  '{"json": "у тексті", "n": null}',
  'null',
  'NaN',
  '%s %d ${x} $1 :name ? @p0 {0}',
  'date_range,±search|or,%C2%B1',
  'İstanbul ẞ ı K',
  '  пробіли  ',
];

const phrases: readonly string[] = [
  'доброго дня, мене звати Оксана',
  'чим можу допомогти?',
  'у мене не працює інтернет з самого ранку',
  'зачекайте, будь ласка, на лінії',
  'я перевірю вашу заявку',
  'дякую за очікування',
  'ваш номер договору',
  'оплата надійде протягом трьох днів',
  'чи можу я ще чимось допомогти',
  'гарного вам дня',
  'я хочу повернути товар',
  'кошти повернуться на картку',
  'thank you for calling',
  'could you spell your name, please',
  'I will put you on hold for a moment',
  'your parcel has left the warehouse',
  'the manager will call you back',
  'this call is recorded',
  'dzień dobry, w czym mogę pomóc',
  'proszę podać numer klienta',
  'здравствуйте, соедините с оператором',
  'guten Tag, wie kann ich helfen',
  'ні, я вже тричі телефонував',
  'так, саме так 👍',
  "зв'яжіть мене з керівником",
  'тариф «Максимум» коштує 300 ₴',
];

/** Between one phrase and `most`, now and then with something odd. */
export function text(random: Random, most: number): string {
  let result = random.pick(phrases);
  for (let left = random.below(most); left > 0; left -= 1) result += `, ${random.pick(phrases)}`;
  return random.chance(1 / 12) ? `${result} ${random.pick(oddTexts)}` : result;
}

/** A text, or null, or nothing at all: the key is then missing from the JSON. */
export function maybeText(random: Random, most: number): string | null | undefined {
  const luck = random.unit();
  if (luck < 0.1) return null;
  if (luck < 0.15) return undefined;
  return luck < 0.17 ? '' : text(random, most);
}
