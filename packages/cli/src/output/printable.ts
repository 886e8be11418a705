// What terminals act on. A string without an end loses only its introducer, so that nothing can hide the rest of a line.
const sequences = new RegExp(
  [
    // Colours, the cursor, hidden text.
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
    // Titles, links, and what else has an end.
    String.raw`(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)`,
    // Two or three characters.
    String.raw`\u001b[ -/]*[0-~]`,
  ].join('|'),
  'g',
);
// Everything else that a terminal would act on, and what reorders text; tab, line feed and carriage return stay.
const controls = new RegExp(
  String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]`,
  'g',
);

/** Text of others, safe to show: nothing in it moves the cursor, hides text or sets titles. A carriage return ends a line. */
export function printable(text: string): string {
  return text
    .replace(sequences, '')
    .replace(controls, '')
    .replace(/\r+(?=\n|$)/g, '')
    .replaceAll('\r', '\n');
}
