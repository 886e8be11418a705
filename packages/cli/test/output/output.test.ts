import { expect } from 'chai';
import { parse } from 'yaml';
import type { Column } from '../../src/output/column.js';
import { isColoured } from '../../src/output/colour.js';
import { errorReport } from '../../src/output/error-report.js';
import { Output, type OutputFormat, type OutputOptions, type OutputStream } from '../../src/output/output.js';
import { Settings } from '../../src/settings/settings.js';
import { failure } from '../support/failure.js';

interface Item {
  readonly name: string;
  readonly active: boolean;
  readonly note?: string;
}

const columns: readonly Column<Item>[] = [
  { name: 'active', title: '', value: ({ active }) => active, cell: ({ active }) => (active ? '*' : '') },
  { name: 'name', value: ({ name }) => name },
  { name: 'note', hidden: true, value: ({ note }) => note },
];
const items: readonly Item[] = [
  { name: 'a', active: true, note: 'two\nlines' },
  { name: 'b', active: false },
];
const whenEmpty = 'There are none.';

class Recorder implements OutputStream {
  text = '';

  constructor(
    readonly isTTY = false,
    readonly columns?: number,
  ) {}

  write(text: string): void {
    this.text += text;
  }
}

function recorded(format: OutputFormat, options: OutputOptions & { terminal?: number } = {}) {
  const { terminal, ...rest } = options;
  const stdout = new Recorder(terminal !== undefined, terminal);
  const stderr = new Recorder(terminal !== undefined, terminal);
  return { output: new Output(format, { stdout, stderr, ...rest }), stdout, stderr };
}

const { TERM } = process.env;
/** The tests may themselves run where the terminal can nothing. */
function knownTerminal(): void {
  process.env['TERM'] = 'xterm';
}
afterEach(() => {
  if (TERM === undefined) delete process.env['TERM'];
  else process.env['TERM'] = TERM;
});

describe('A list', () => {
  it('is a table without hidden columns', async () => {
    const { output, stdout } = recorded('table');
    await output.list(items, columns, { whenEmpty });
    expect(stdout.text).to.equal('   NAME\n*  a\n   b\n');
  });

  it('is a table of the chosen columns in their order, or of all, one row a line', async () => {
    const { output, stdout } = recorded('table');
    await output.list(items, columns, { whenEmpty, chosen: 'note, NAME' });
    await output.list(items, columns, { whenEmpty, chosen: 'all' });
    expect(stdout.text).to.equal(
      [
        'NOTE             NAME',
        'two … (2 lines)  a',
        '-                b',
        '   NAME  NOTE',
        '*  a     two … (2 lines)',
        '   b     -',
        '',
      ].join('\n'),
    );
  });

  it('is names, one a line', async () => {
    const { output, stdout } = recorded('name');
    await output.list(items, columns, { whenEmpty });
    expect(stdout.text).to.equal('a\nb\n');
  });

  it('is versioned JSON, and the same in YAML', async () => {
    const json = recorded('json');
    await json.output.list(items, columns, { whenEmpty });
    expect(JSON.parse(json.stdout.text)).to.deep.equal({ version: 1, items });
    const yaml = recorded('yaml');
    await yaml.output.list(items, columns, { whenEmpty });
    expect(yaml.stdout.text).to.match(/^version: 1\nitems:\n {2}- name: a\n/);
    expect(parse(yaml.stdout.text)).to.deep.equal({ version: 1, items });
  });

  it('has the chosen fields alone in JSON, as values', async () => {
    const { output, stdout } = recorded('json');
    await output.list(items, columns, { whenEmpty, chosen: 'active,note' });
    expect(JSON.parse(stdout.text)).to.deep.equal({
      version: 1,
      items: [
        { active: true, note: 'two\nlines' },
        { active: false, note: null },
      ],
    });
  });

  it('refuses an unknown column with the nearest', async () => {
    const error = await failure(() => recorded('json').output.list(items, columns, { whenEmpty, chosen: 'nam' }));
    expect(error).to.include({ code: 'UNKNOWN_COLUMN', exitCode: 2, reason: "Did you mean 'name'?" });
    expect(error.fix).to.equal('Columns: active, name, note; or all.');
  });

  it('refuses to show no columns at all', async () => {
    const error = await failure(() => recorded('table').output.list(items, columns, { whenEmpty, chosen: ' ,' }));
    expect(error).to.include({ code: 'UNKNOWN_COLUMN', exitCode: 2 });
    expect(error.fix).to.equal('Columns: active, name, note; or all.');
  });

  it('says that it is empty to people alone', async () => {
    const table = recorded('table');
    await table.output.list([], columns, { whenEmpty });
    expect([table.stdout.text, table.stderr.text]).to.deep.equal(['', 'There are none.\n']);
    const json = recorded('json');
    await json.output.list([], columns, { whenEmpty });
    expect(JSON.parse(json.stdout.text)).to.deep.equal({ version: 1, items: [] });
    expect(json.stderr.text).to.equal('');
  });

  it('fits a terminal, and is whole elsewhere', async () => {
    const long = [{ name: 'a-name-that-is-far-too-long-for-it', active: false }];
    const narrow = recorded('table', { terminal: 20, colour: 'never' });
    await narrow.output.list(long, columns, { whenEmpty });
    expect(narrow.stdout.text).to.equal('  NAME\n  a-name-that-is-fa…\n');
    const file = recorded('table');
    await file.output.list(long, columns, { whenEmpty });
    expect(file.stdout.text).to.include(long[0]?.name);
  });
});

describe('A description', () => {
  const sections = () => [{ rows: [['Name:', 'a']] }, { titled: true, rows: [['ATTRIBUTE'], ['path']] }];

  it('is its sections, its name, or the object', async () => {
    const table = recorded('table');
    await table.output.describe(items[0] as Item, columns, { sections });
    expect(table.stdout.text).to.equal('Name:  a\n\nATTRIBUTE\npath\n');
    const name = recorded('name');
    await name.output.describe(items[0] as Item, columns, { sections });
    expect(name.stdout.text).to.equal('a\n');
    const json = recorded('json');
    await json.output.describe(items[0] as Item, columns, { sections });
    expect(JSON.parse(json.stdout.text)).to.deep.equal({ version: 1, ...items[0] });
  });

  it('is the chosen columns, one a line', async () => {
    const { output, stdout } = recorded('table');
    await output.describe(items[1] as Item, columns, { sections, chosen: 'name,active' });
    expect(stdout.text).to.equal('name:    b\nactive:  false\n');
  });
});

describe('What goes to standard error', () => {
  const failed = errorReport(new TypeError('x'), false);

  for (const format of ['json', 'yaml'] as const) {
    it(`is one line of JSON each under -o ${format}`, () => {
      const { output, stderr } = recorded(format);
      output.note('Done.');
      output.warning({ message: 'Careful.' });
      output.error(failed);
      expect(
        stderr.text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as object),
      ).to.deep.equal([
        { version: 1, note: { message: 'Done.' } },
        { version: 1, warning: { message: 'Careful.' } },
        {
          version: 1,
          error: { code: failed.code, message: failed.message, reason: failed.reason, fix: failed.fix, exit_code: 1 },
        },
      ]);
    });
  }

  it('is coloured on a terminal alone', () => {
    knownTerminal();
    const terminal = recorded('table', { terminal: 80 });
    terminal.output.error(failed);
    expect(terminal.stderr.text).to.include('\u001b[31mError:');
    const file = recorded('table');
    file.output.error(failed);
    expect(file.stderr.text).not.to.include('\u001b');
  });
});

describe('Colour', () => {
  const cases: readonly [isTTY: boolean, environment: Record<string, string>, coloured: boolean][] = [
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ];
  for (const [isTTY, environment, coloured] of cases) {
    it(`is ${coloured ? 'on' : 'off'} ${isTTY ? 'on a terminal' : 'in a file'} with ${JSON.stringify(environment)}`, () => {
      knownTerminal();
      const settings = new Settings('nowhere', environment);
      expect(isColoured({ isTTY }, settings.value('color'))).to.equal(coloured);
    });
  }
});
